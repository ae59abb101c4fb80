using EventCalls.Routing;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Simulation.Forks;

/// <summary>What a played call finds configured, where its recording does not show what was then.</summary>
/// <param name="Telephony">Trunks, targets, time limits.</param>
/// <param name="Router">How decisions are taken.</param>
/// <param name="IsWithoutTrunks">Whether no trunk is configured, such as on the machine the logic is written on: every endpoint is then taken to be there.</param>
public sealed record ForkSettings(TelephonyOptions Telephony, RouterOptions Router, bool IsWithoutTrunks);
