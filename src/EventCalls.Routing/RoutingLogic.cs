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
}
