using EventCalls.Contracts;

namespace EventCalls.Telephony;

/// <summary>The status a caller gets when every transfer failed and nobody decides anew.</summary>
internal static class RejectStatus
{
    /// <summary>The status that says best what the outcome was.</summary>
    public static int For(TransferOutcome outcome) => outcome switch
    {
        TransferOutcome.Busy => 486,
        TransferOutcome.Declined => 603,
        TransferOutcome.NotFound => 404,
        TransferOutcome.NotAllowed => 403,
        TransferOutcome.InvalidTarget or TransferOutcome.Error => 500,
        // Not 503: that would tell the trunk that this node is overloaded (RFC 3261 §21.5.4).
        TransferOutcome.Unreachable or TransferOutcome.TimedOut => 480,
        _ => 480,
    };
}
