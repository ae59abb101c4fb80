using EventCalls.Routing.Deciding;

namespace EventCalls.Replay.Deciding;

/// <summary>A decision that was taken again, kept until it has been taken once more.</summary>
/// <param name="Request">What it was taken from.</param>
/// <param name="Options">What it was taken with.</param>
/// <param name="Result">What came of it.</param>
internal sealed record TakenDecision(DecisionRequest Request, DecideOptions Options, DecisionResult Result);
