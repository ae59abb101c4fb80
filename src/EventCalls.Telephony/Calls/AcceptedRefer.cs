using EventCalls.Contracts;
using EventCalls.Sip.Extensions.Refer;

namespace EventCalls.Telephony.Calls;

/// <summary>A REFER that was accepted: whose it is, what it asks for, the handoff it became, and how its sender hears of that.</summary>
internal sealed class AcceptedRefer(ReferReceived received, CallSide by, ReferNotifier notifier)
{
    /// <summary>What it asks for.</summary>
    public ReferReceived Received { get; } = received;

    /// <summary>The side that sent it.</summary>
    public CallSide By { get; } = by;

    /// <summary>The handoff it became; null as long as that is being decided.</summary>
    public Guid? HandoffId { get; set; }

    /// <summary>Whether its sender has been told the result.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether it is being decided.</summary>
    public bool IsAsked => !IsOver && HandoffId is null;

    /// <summary>Whether a router's decision is the one on this REFER.</summary>
    public bool IsDecidedBy(HandoffRequested handoff) => IsAsked && handoff.Selected?.CausationId == Received.EventId;

    /// <summary>Tells its sender how far the new target is.</summary>
    public void Report(int? status, string? phrase)
    {
        if (!IsOver && status is > 100 and < 200)
            notifier.Report(status.Value, phrase);
    }

    /// <summary>Tells its sender the result.</summary>
    public void Finish(int status, string? phrase = null)
    {
        if (IsOver)
            return;
        IsOver = true;
        notifier.Finish(status, phrase);
    }
}
