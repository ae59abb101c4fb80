using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Replay.Nightly;

/// <summary>What came of deciding a day's calls again, each by the version that had decided it.</summary>
public sealed record NightlyResult
{
    /// <summary>The most calls that are named.</summary>
    public const int MostExamples = 20;

    /// <summary>The beginning of the day, UTC.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end, UTC.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>When it was done, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The versions of which calls were decided again, with how many each.</summary>
    public required IReadOnlyDictionary<string, long> Versions { get; init; }

    /// <summary>All calls that were decided again.</summary>
    public required long Calls { get; init; }

    /// <summary>Those that came out the same.</summary>
    public required long Same { get; init; }

    /// <summary>Those of which nothing can be said: something was not recorded.</summary>
    public required long NotReplayable { get; init; }

    /// <summary>The versions whose calls could not be decided again at all, with how many calls each and why; they count as calls that do not come out the same.</summary>
    public IReadOnlyList<NightlyRefusal> Refused { get; init => field = value ?? []; } = [];

    /// <summary>Some of the others.</summary>
    public required IReadOnlyList<NightlyExample> Examples { get; init; }

    /// <summary>Calls that the version that decided them decides otherwise now, or not at all.</summary>
    public long NotSame => Calls - Same - NotReplayable;

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="JsonException">It is no such record.</exception>
    public static NightlyResult Read(ProofRecord kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return JsonSerializer.Deserialize(kept.Json, NightlyJson.Default.NightlyResult) ?? throw new JsonException("a nightly replay's record is null");
    }

    /// <summary>The record as it is kept.</summary>
    /// <param name="number">Its number.</param>
    public ProofRecord ToKept(long number) => new(ProofKind.Nightly, number, At, JsonSerializer.Serialize(this, NightlyJson.Default.NightlyResult));

    /// <summary>In a sentence, or one more for calls that could not be decided again at all.</summary>
    public override string ToString()
    {
        string day = $"of {UtcTime.Seconds(From)} to {UtcTime.Seconds(To)}";
        long refused = Refused.Sum(r => r.Calls);
        string decided = NotSame == refused
            ? $"{Calls - refused} calls {day} were decided again by the versions that had decided them: {Same} the same, {NotReplayable} not replayable."
            : $"{NotSame - refused} of {Calls} calls {day} come out otherwise with the very version that had decided them, such as {Examples[0].CallId}: {Examples[0].What}.";
        return refused == 0 ? decided : $"{refused} of {Calls} calls {day} could not be decided again: {string.Join("; ", Refused.Select(r => $"{LogicVersionName.Short(r.Version)} {r.Why}"))}.{(Calls > refused ? " " + decided : "")}";
    }
}

/// <summary>A version whose calls could not be decided again.</summary>
/// <param name="Version">The version that decided them.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Why">For people, as in <c>it …</c>.</param>
public sealed record NightlyRefusal(string Version, long Calls, string Why);

/// <summary>A call that does not come out the same any more.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Version">The version that decided it.</param>
/// <param name="What">What is otherwise, for people.</param>
public sealed record NightlyExample(Guid CallId, string Version, string What);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NightlyResult))]
internal sealed partial class NightlyJson : JsonSerializerContext;
