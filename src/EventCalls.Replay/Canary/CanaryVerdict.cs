using System.Globalization;
using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Replay.Canary;

/// <summary>What is to become of a challenger's share now.</summary>
/// <param name="Move">What is to be done.</param>
/// <param name="Why">Why, for people.</param>
public sealed record CanaryVerdict(CanaryMove Move, string Why)
{
    // Evidence that weak is nothing to act on, and enough not to give it more calls yet.
    private const double Doubt = 3;

    /// <summary>How strong evidence has to be: each step that shares calls out has its part of the error rate.</summary>
    public static double Needed(CanaryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Sharing / plan.Alpha;
    }

    /// <summary>Judges a step by what its calls came to.</summary>
    /// <param name="record">The share that holds.</param>
    /// <param name="counts">What calls came to since.</param>
    /// <param name="tripped">What its guard has seen; null for nothing.</param>
    /// <param name="now">The time, UTC.</param>
    public static CanaryVerdict Of(CanaryRecord record, CanaryCounts counts, string? tripped, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(counts);
        var plan = record.Plan;
        double needed = Needed(plan), worse = CanaryTest.Worse(counts);
        if (tripped is not null)
            return new(CanaryMove.RollBack, $"guard: {tripped}");
        if (worse >= needed)
            return new(CanaryMove.RollBack, $"it is worse: {Rates(counts)}; evidence {Number(worse)}, {Number(needed)} needed");
        var step = plan.Steps[record.Step];
        var since = now - record.At;
        if (counts.ChallengerCalls < step.Calls || since < TimeSpan.FromMinutes(step.Minutes))
            return new(CanaryMove.Wait, $"{counts.ChallengerCalls} of {step.Calls} calls, {Math.Floor(since.TotalMinutes).ToString(CultureInfo.InvariantCulture)} of {step.Minutes.ToString(CultureInfo.InvariantCulture)} minutes");
        if (record.Step < plan.Sharing - 1)
        {
            return worse < Doubt
                ? new(CanaryMove.Raise, $"{Rates(counts)}; nothing speaks against it")
                : new(CanaryMove.Hold, $"{Rates(counts)}; it may be worse, evidence {Number(worse)}: neither more calls nor none");
        }
        double fine = CanaryTest.NoWorse(counts, plan.Margin);
        if (!plan.Promotes)
            return new(CanaryMove.Hold, $"{Rates(counts)}; the plan ends at {record.Share} %");
        return fine >= needed
            ? new(CanaryMove.Promote, $"it is no worse by {Percent(plan.Margin)}: {Rates(counts)}; evidence {Number(fine)}, {Number(needed)} needed")
            : new(CanaryMove.Hold, $"{Rates(counts)}; not proved yet, evidence {Number(fine)} of {Number(needed)}");
    }

    private static string Rates(CanaryCounts c) =>
        $"{c.ChallengerGood} of its {c.ChallengerCalls} calls succeeded ({Percent(c.ChallengerCalls == 0 ? 0 : (double)c.ChallengerGood / c.ChallengerCalls)}), {c.ChampionGood} of the {c.ChampionCalls} others ({Percent(c.ChampionCalls == 0 ? 0 : (double)c.ChampionGood / c.ChampionCalls)})";

    private static string Percent(double share) => share.ToString("0.#%", CultureInfo.InvariantCulture);

    private static string Number(double evidence) => evidence.ToString(evidence < 100 ? "0.##" : "0.#e0", CultureInfo.InvariantCulture);
}

/// <summary>What can become of a challenger's share.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CanaryMove>))]
public enum CanaryMove
{
    /// <summary>The step has not lasted long enough.</summary>
    [JsonStringEnumMemberName("wait")]
    Wait,

    /// <summary>It has, and the calls do not show enough.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,

    /// <summary>It gets the next share.</summary>
    [JsonStringEnumMemberName("raise")]
    Raise,

    /// <summary>It decides all calls.</summary>
    [JsonStringEnumMemberName("promote")]
    Promote,

    /// <summary>It decides none.</summary>
    [JsonStringEnumMemberName("roll_back")]
    RollBack,
}
