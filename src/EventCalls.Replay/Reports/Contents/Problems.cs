using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>Calls for which the candidate failed in the same way at the same place.</summary>
/// <param name="Cause">Typed.</param>
/// <param name="ExceptionType">The exception's full name; null when nothing was thrown.</param>
/// <param name="File">The candidate's source file; null when unknown.</param>
/// <param name="Line">The line in it, from 1; null when unknown.</param>
/// <param name="Message">The first call's message; others of the group may differ in detail.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Examples">The first few calls.</param>
public sealed record ErrorGroup(
    RoutingFailureCause Cause, string? ExceptionType, string? File, int? Line, string Message, long Calls, IReadOnlyList<Guid> Examples);

/// <summary>Calls that cannot be decided again for the same reason.</summary>
/// <param name="Unrecorded">What was read that had not been recorded, in words.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Examples">The first few calls.</param>
public sealed record UnrecordedGroup(string Unrecorded, long Calls, IReadOnlyList<Guid> Examples);

/// <summary>Calls that the very version that decided them decides otherwise now, in the same way.</summary>
/// <param name="Differs">What came out otherwise, in words.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Examples">The first few calls.</param>
public sealed record NondeterministicGroup(string Differs, long Calls, IReadOnlyList<Guid> Examples);

/// <summary>Calls for which the configured default was taken because the logic gave nothing usable, or nothing in time.</summary>
/// <param name="Was">How many calls as recorded, of all replayed ones.</param>
/// <param name="Now">How many calls as the candidate decides, of the same and the changed ones; errors are counted apart, though they would take the default too.</param>
/// <param name="NoLonger">Of those that did, how many do not any more.</param>
/// <param name="Newly">How many do that did not.</param>
/// <param name="Callees">The numbers dialled by the calls that match nothing now.</param>
/// <param name="Examples">The first few calls that match nothing now.</param>
public sealed record MatchesNothing(
    long Was, long Now, long NoLonger, long Newly, [property: JsonIgnore] Listing<NumberCount> Callees, [property: JsonPropertyOrder(1)] IReadOnlyList<Guid> Examples)
{
    [JsonInclude]
    [JsonPropertyName("callees")]
    internal IReadOnlyList<NumberCount> ListedCallees => Callees.Items;

    [JsonInclude]
    internal long CalleesOmitted => Callees.Omitted;
}

/// <summary>How many calls a number has.</summary>
public sealed record NumberCount(string Number, long Calls);
