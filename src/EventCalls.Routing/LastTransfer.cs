using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing;

/// <summary>How the handoff before this decision failed: its last attempt.</summary>
public sealed class LastTransfer
{
    private readonly TransferFailed _failed;
    private readonly string _target;
    private readonly bool _callerAnswered;
    private readonly List<ConversationRead>? _reads;

    internal LastTransfer(TransferFailed failed, string? target, bool callerAnswered, List<ConversationRead>? reads)
    {
        _failed = failed;
        _target = target ?? "";
        _callerAnswered = callerAnswered;
        _reads = reads;
    }

    /// <summary>Why it failed.</summary>
    public TransferOutcome Outcome => Read("outcome", _failed.Outcome);

    /// <summary>How it was tried.</summary>
    public HandoffMethod Method => Read("method", _failed.Method);

    /// <summary>Where it went to, a URI; empty when unknown.</summary>
    public string Target => Read("target", _target);

    /// <summary>Which attempt of the handoff it was, from 1.</summary>
    public int Attempt => Read("attempt", _failed.Attempt);

    /// <summary>The final SIP status, 100–699; of a target that is none (<c>invalid_target</c>) the one that says so, such as 404; null when there was none.</summary>
    public int? Status => Read("status", _failed.Evidence.Status);

    /// <summary>The reason phrase, or what happened locally.</summary>
    public string? ReasonPhrase => Read("reason_phrase", _failed.Evidence.ReasonPhrase);

    /// <summary>The Reason header (RFC 3326), as received.</summary>
    public string? Reason => Read("reason", _failed.Evidence.Reason);

    /// <summary>Whether the caller's leg is already answered, so that a rejection becomes a BYE.</summary>
    public bool CallerAnswered => Read("caller_answered", _callerAnswered);

    /// <summary>Where else the target said to try: the Contact header of its 3xx, as received.</summary>
    public string? Contact => Read("contact", _failed.Evidence.Contact);

    /// <summary>The status that tells the caller best what happened, 400–699: the target's own where that says something to the caller.</summary>
    /// <remarks>503 is never among them: a carrier takes it as "this server is down" (RFC 3261 §16.7 step 6).</remarks>
    public int RejectStatus => Read("reject_status", CallerStatus.Of(_failed.Outcome, _failed.Evidence));

    private T Read<T>(string what, T value)
    {
        _reads?.Add(new ConversationRead($"last_transfer.{what}", value is string or null ? value as string : JsonSerializer.Serialize(value).Trim('"')));
        return value;
    }
}
