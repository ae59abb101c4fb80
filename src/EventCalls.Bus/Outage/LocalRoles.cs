using EventCalls.Contracts;

namespace EventCalls.Bus.Outage;

/// <summary>The roles of this process that act while the broker is away. None of these waits or throws.</summary>
/// <param name="Decide">Has a new call decided by the router of this process.</param>
/// <param name="DecideAgain">The same after a failed handoff.</param>
/// <param name="Take">Has a handoff carried out by the transfer worker of this process.</param>
/// <param name="AskAgain">Has all calls that wait for a decision ask for it once more: who was asked over the broker cannot answer.</param>
public sealed record LocalRoles(Action<CallStarted> Decide, Action<RerouteCall> DecideAgain, Action<HandoffRequested> Take, Action AskAgain);
