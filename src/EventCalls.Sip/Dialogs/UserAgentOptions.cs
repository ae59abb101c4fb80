using EventCalls.Sip.Extensions;
using EventCalls.Sip.Tracing;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>What a user agent says of itself, and its timers.</summary>
public sealed record UserAgentOptions
{
    /// <summary>The value of User-Agent and Server; one line.</summary>
    public string Name { get; init; } = "EventCalls";

    /// <summary>The shard's number, 0–255; every id we make carries it.</summary>
    public int Shard { get; init; }

    /// <summary>The base timers.</summary>
    public SipTimers Timers { get; init; } = new();

    /// <summary>A larger request outside a dialog is answered 513 (RFC 3261 §21.5.7), bytes.</summary>
    public int MaxMessageBytes { get; init; } = 32_768;

    /// <summary>The extensions it has; its Allow, Supported and Accept headers name what they add.</summary>
    public IReadOnlyList<SipExtension> Extensions { get; init; } = [ReferExtension.Sent];

    /// <summary>Sees every message; null for nobody.</summary>
    public ISipTrace? Trace { get; init; }

    /// <summary>Where branches, tags, Call-IDs and delays come from; of one agent alone.</summary>
    public RandomSource Random { get; init; } = RandomSource.Unguessable();

    /// <summary>Whether requests of strangers are answered, without keeping anything: 403, or 481 for what names a call. False: they hear nothing.</summary>
    public bool AnswersStrangers { get; init; } = true;

    /// <summary>A confirmed leg that was silent this long is asked by an in-dialog OPTIONS whether it is still there, milliseconds; 0: never.</summary>
    public int PingAfterMs { get; init; } = 60_000;
}
