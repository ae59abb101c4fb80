namespace EventCalls.Testing;

/// <summary>What one SIPp process is to do.</summary>
public sealed record SippOptions
{
    /// <summary>The scenario file.</summary>
    public required string Scenario { get; init; }

    /// <summary>Where it calls, <c>127.0.0.1:port</c>; null for one that waits to be called.</summary>
    public string? Remote { get; init; }

    /// <summary>Its own address, an IPv6 one in brackets.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Its own port; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary><c>u1</c> (UDP), <c>t1</c> (TCP, one connection) or <c>tn</c> (TCP, one connection a call).</summary>
    public string Transport { get; init; } = "u1";

    /// <summary>It ends after so many calls.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>New calls a second.</summary>
    public int Rate { get; init; } = 10;

    /// <summary>How many calls may be open at once; null for no limit that matters.</summary>
    public int? Limit { get; init; }

    /// <summary>The user part it dials.</summary>
    public string Dial { get; init; } = "service";

    /// <summary>The caller's number, <c>[caller]</c> in scenarios.</summary>
    public string Caller { get; init; } = "+15550001111";

    /// <summary>The length of the scenario's <c>&lt;pause/&gt;</c>, milliseconds.</summary>
    public int PauseMs { get; init; } = 100;

    /// <summary>How long it waits for each message it expects, milliseconds.</summary>
    public int ReceiveTimeoutMs { get; init; } = 20_000;

    /// <summary>How long it may run in all; a run that takes longer fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Rows for <c>[field0]</c>, <c>[field1]</c> …, one a call, taken in turn; null for none.</summary>
    public IReadOnlyList<string[]>? Rows { get; init; }

    /// <summary>The start of its Call-IDs (<c>prefix-number@127.0.0.1</c>), so that a test finds its calls; null for SIPp's own.</summary>
    public string? CallIdPrefix { get; init; }

    /// <summary>Keep every message sent and received for <see cref="SippResult.Messages"/>.</summary>
    public bool KeepMessages { get; init; } = true;

    /// <summary>Further arguments, as SIPp takes them.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}
