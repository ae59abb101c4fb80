using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Console.Jobs;

namespace EventCalls.Console.Forks;

/// <summary>What is to be played.</summary>
/// <param name="At">The number of the last event that stays as it was; 1 when left out, so that every decision is taken anew.</param>
/// <param name="Inject">What happens then otherwise, as <c>calls fork --inject</c> takes it.</param>
/// <param name="Logic">The version that decides from there on; null for the one that decided then.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedFork(int? At, string? Inject, string? Logic);

/// <summary>A fork that was asked for.</summary>
/// <param name="ForkId">Its id.</param>
/// <param name="CallId">The call.</param>
/// <param name="State">How far it is.</param>
/// <param name="By">Who asked.</param>
/// <param name="StartedAt">When, UTC.</param>
/// <param name="At">The last event that stayed as it was; null until it is played.</param>
/// <param name="Same">Whether the call would go as it went; null until it is played.</param>
/// <param name="Problem">Why it could not be played, or why it is to be doubted; null when neither.</param>
/// <param name="Fork">Both courses, as <c>calls fork --json</c>; null until it is played.</param>
internal sealed record ForkAnswer(Guid ForkId, Guid CallId, JobState State, string By, DateTimeOffset StartedAt, int? At, bool? Same, string? Problem, JsonElement? Fork);
