using System.Text.Json.Serialization;
using EventCalls.Replay.Shadow;

namespace EventCalls.Console.Logic;

/// <summary>Versions that decide live calls again.</summary>
/// <param name="Now">What the one that does so now came to; null when none does, or not in this process.</param>
/// <param name="Records">Who asked for which, the newest first; the first one holds now.</param>
/// <param name="Last">The same of the last one, when it is over; null when there was none since this process began.</param>
internal sealed record ShadowList(ShadowStatus? Now, IReadOnlyList<ShadowRecord> Records, ShadowStatus? Last);

/// <summary>A version that is to decide live calls again.</summary>
/// <param name="Challenger">Its hash, or the beginning of it.</param>
/// <param name="Note">What whoever asks for it says to it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedShadow(string? Challenger, string? Note);

/// <summary>What that came to.</summary>
/// <param name="Changed">Whether something else holds now; false when it did already.</param>
/// <param name="Record">The record that holds now.</param>
internal sealed record ShadowAnswer(bool Changed, ShadowRecord Record);
