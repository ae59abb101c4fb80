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

    /// <summary>Whether the legs' handlers take a REFER; otherwise it is answered 405, and Allow does not name it.</summary>
    public bool TakesRefer { get; init; }

    /// <summary>Whether requests of strangers are answered, without keeping anything: 403, or 481 for what names a call. False: they hear nothing.</summary>
    public bool AnswersStrangers { get; init; } = true;

    /// <summary>A confirmed leg that was silent this long is asked by an in-dialog OPTIONS whether it is still there, milliseconds; 0: never.</summary>
    public int PingAfterMs { get; init; } = 60_000;
}
