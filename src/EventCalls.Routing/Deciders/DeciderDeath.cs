namespace EventCalls.Routing.Deciders;

/// <summary>How a decider ended.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">For people: <c>its stack overflowed</c>.</param>
/// <param name="Began">The decision it was taking; null when it was taking none.</param>
/// <param name="Others">Those asked of it that it had not begun; another decider can take them.</param>
public sealed record DeciderDeath(DeciderEnd Kind, string Message, PendingDecision? Began, IReadOnlyList<PendingDecision> Others);

/// <summary>Why a decider ended.</summary>
public enum DeciderEnd
{
    /// <summary>It was told to.</summary>
    Stopped,

    /// <summary>A decision used more CPU time than its limit, in a call that check points cannot end; it was killed.</summary>
    OverTime,

    /// <summary>A decision waited for something, without an end; it was killed.</summary>
    Blocked,

    /// <summary>Its stack overflowed.</summary>
    StackOverflow,

    /// <summary>Its heap reached its limit.</summary>
    OutOfMemory,

    /// <summary>It ended otherwise: an exception in a finalizer, a signal.</summary>
    Crashed,
}
