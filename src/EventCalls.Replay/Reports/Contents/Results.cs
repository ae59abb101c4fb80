using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>How many attempts, or calls, came to what.</summary>
/// <param name="Answered">Somebody answered.</param>
/// <param name="Accepted">The other side took the call over and reported no more (REFER without a report, redirect, BYE): whether anybody answered is not known.</param>
/// <param name="Busy">Busy.</param>
/// <param name="NoAnswer">Rang, or was tried, in vain.</param>
/// <param name="Failed">Declined, not found, not allowed, unauthorized, unreachable, timed out, no final report, invalid target, or an error.</param>
/// <param name="TurnedAway">Rejected by the logic itself.</param>
/// <param name="CallerHungUp">The caller gave up first, or a command ended the call; says nothing about the target and is in no rate.</param>
/// <param name="Unknown">The stream does not say; in no rate.</param>
public sealed record ResultCounts(long Answered, long Accepted, long Busy, long NoAnswer, long Failed, long TurnedAway, long CallerHungUp, long Unknown)
{
    /// <summary>How many have a result that counts: all but those that were given up and the unknown ones.</summary>
    [JsonIgnore]
    public long Counted => Answered + Accepted + Busy + NoAnswer + Failed + TurnedAway;
}

/// <summary>Rates of results, each as a share of what has a result that counts; see <see cref="ResultCounts"/> for what they mean.</summary>
public sealed record ResultRates(Estimate Answered, Estimate Accepted, Estimate Busy, Estimate NoAnswer, Estimate Failed, Estimate TurnedAway)
{
    /// <summary>The share that would reach a fallback without any history, 0–1: nothing can be said about it. It and the rates' values add up to 1.</summary>
    [JsonConverter(typeof(SixDigits))]
    public double Unknown { get; init; }
}

/// <summary>A rate and its 95 % confidence interval, all 0–1.</summary>
/// <param name="Value">The rate as observed, or as expected from observed ones.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Estimate(
    [property: JsonPropertyName("rate"), JsonConverter(typeof(SixDigits))] double Value,
    [property: JsonConverter(typeof(SixDigits))] double Low,
    [property: JsonConverter(typeof(SixDigits))] double High);

/// <summary>A share or rate as it is written: more than six digits of it say nothing.</summary>
internal sealed class SixDigits : JsonConverter<double>
{
    /// <inheritdoc />
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(Math.Round(value, 6));
}
