namespace EventCalls.Host.Commands.Calls;

/// <summary>A SIP message on the ladder.</summary>
/// <param name="Label">The method or the status.</param>
/// <param name="ToTheRight">From the caller towards the target.</param>
internal sealed record LadderArrow(string Label, bool ToTheRight);
