using EventCalls.Contracts;

namespace EventCalls.Simulation.Peers;

/// <summary>One attempt of the recorded call with all that the stream says of it. Times are milliseconds after the attempt began.</summary>
public sealed class RecordedAttempt(TransferStarted started)
{
    /// <summary>How it began.</summary>
    public TransferStarted Started { get; } = started;

    /// <summary>What was heard on the way.</summary>
    public List<(long AtMs, TransferProgressed Event)> Progress { get; } = [];

    /// <summary>When the target's leg was answered; null when it was not.</summary>
    public long? AnsweredAtMs { get; set; }

    /// <summary>When the outcome was known; null while the stream does not say.</summary>
    public long? DecidedAtMs { get; set; }

    /// <summary>What SIP said last; null while the stream does not say.</summary>
    public SipEvidence? Evidence { get; set; }

    /// <summary>Whether it succeeded.</summary>
    public bool IsCompleted { get; set; }

    /// <summary>From the success to the end of the call; null when it did not succeed, or another one did later.</summary>
    public long? HeldMs { get; set; }

    /// <summary>What makes two attempts the same: how, where to and through what.</summary>
    public (HandoffMethod Method, string Target, string? Trunk) Key => KeyOf(Started);

    /// <summary>The key of an attempt that begins.</summary>
    public static (HandoffMethod Method, string Target, string? Trunk) KeyOf(TransferStarted started) => (started.Method, started.Target, started.Trunk);

    /// <summary>The target without the parameters of its user part and its URI: <c>sip:7042;phone-context=x@y;user=phone</c> is <c>sip:7042@y</c>.</summary>
    public static string WithoutParameters(string target)
    {
        int at = target.IndexOf('@');
        return at < 0 ? target.Split(';')[0] : $"{target[..at].Split(';')[0]}{target[at..].Split(';')[0]}";
    }

    /// <summary>Milliseconds from the attempt's beginning to a time.</summary>
    public long Since(DateTimeOffset time) => Math.Max(0, (long)Math.Round((time - Started.OccurredAt).TotalMilliseconds));
}
