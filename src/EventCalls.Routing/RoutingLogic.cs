namespace EventCalls.Routing;

/// <summary>What to do with a call: the one class that a folder of routing logic derives from this.</summary>
/// <remarks>
/// A new instance takes each decision, so fields do not outlive it. What a decision may read is in <see cref="Conversation"/>;
/// anything else (the clock, files, the network) is refused when the logic is compiled, so that a decision can be taken again later.
/// </remarks>
public abstract class RoutingLogic
{
    /// <summary>Decides a new call.</summary>
    public abstract Decision Start(Conversation conv);

    /// <summary>Decides after a handoff whose every step failed; <see cref="Conversation.LastTransfer"/> says how.</summary>
    /// <returns>Unless overridden: a rejection whose status fits the outcome.</returns>
    public virtual Decision TransferFailed(Conversation conv) => Handoff.Reject(conv.LastTransfer?.RejectStatus ?? 480);

    /// <summary>Decides what becomes of a REFER that one side of the call sent us; <see cref="Conversation.Refer"/> says what was asked.</summary>
    /// <remarks>A handoff moves the other side. A rejection refuses what was asked: the two who talk go on, and who asked is told the status.</remarks>
    /// <returns>Unless overridden: what <c>Trunks:NAME:Refer</c> says; the node then does that by itself, without asking.</returns>
    public virtual Decision ReferRequested(Conversation conv) => Handoff.ByPolicy(conv);
}
