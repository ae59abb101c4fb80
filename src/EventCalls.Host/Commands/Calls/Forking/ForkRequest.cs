using EventCalls.Simulation.Forks;

namespace EventCalls.Host.Commands.Calls.Forking;

/// <summary>What a fork was asked for.</summary>
/// <param name="Id">The call.</param>
/// <param name="At">The last event that stays as it was.</param>
/// <param name="Injection">What happens then; null for nothing but the decisions.</param>
/// <param name="Logic">The folder of the logic; null for the recorded version.</param>
internal sealed record ForkRequest(string Id, int At, Injection? Injection, string? Logic);
