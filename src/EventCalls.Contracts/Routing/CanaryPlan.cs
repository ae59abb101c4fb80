using System.Globalization;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>How a challenger gets its share of the calls, and what it has to prove.</summary>
public sealed record CanaryPlan
{
    /// <summary>The shares, rising; one of 100 at the end has it decide all calls when it has proved no worse, and without it the last share is held.</summary>
    public required IReadOnlyList<CanaryStep> Steps { get; init; }

    /// <summary>What a call is assigned by.</summary>
    public required CanarySplit Split { get; init; }

    /// <summary>How likely an error of each kind may be: a challenger rolled back that is no worse, and one promoted that is worse by <see cref="Margin"/>. 0.0001 to 0.5.</summary>
    public required double Alpha { get; init; }

    /// <summary>How much smaller the challenger's share of successes may be, 0.001 to 0.5: less than that need not be told apart.</summary>
    public required double Margin { get; init; }

    /// <summary>What ends it at once.</summary>
    public required CanaryGuard Guard { get; init; }

    /// <summary>1 %, 5 %, 25 % and then all, by the call.</summary>
    public static CanaryPlan Usual { get; } = new()
    {
        Steps = [new(1, 50, 10), new(5, 200, 30), new(25, 500, 60), new(100, 0, 0)],
        Split = CanarySplit.Call,
        Alpha = 0.05,
        Margin = 0.02,
        Guard = CanaryGuard.Usual,
    };

    /// <summary>The steps that share calls out, without the last one of 100 %.</summary>
    [JsonIgnore]
    public int Sharing => Promotes ? Steps.Count - 1 : Steps.Count;

    /// <summary>Whether it ends by itself in the challenger's deciding all calls.</summary>
    [JsonIgnore]
    public bool Promotes => Steps[^1].Share == 100;

    /// <summary>What is wrong with it, with the field that it is in; null when nothing is.</summary>
    public (string Field, string Message)? Problem()
    {
        if (Steps is not { Count: >= 1 and <= 20 })
            return ("steps", "steps: 1 to 20 are possible.");
        for (int i = 0; i < Steps.Count; i++)
        {
            var step = Steps[i];
            string field = $"steps[{i}]";
            if (step.Share is < 1 or > 100)
                return ($"{field}.share", $"{field}.share: {step.Share} is given; 1 to 100 percent are possible.");
            if (i > 0 && step.Share <= Steps[i - 1].Share)
                return ($"{field}.share", $"{field}.share: {step.Share} is given after {Steps[i - 1].Share}; shares rise.");
            if (step.Calls is < 0 or > 10_000_000)
                return ($"{field}.calls", $"{field}.calls: {step.Calls} is given; 0 to 10000000 are possible.");
            if (!(step.Minutes is >= 0 and <= 100_000))
                return ($"{field}.minutes", $"{field}.minutes: {step.Minutes.ToString(CultureInfo.InvariantCulture)} is given; 0 to 100000 are possible.");
        }
        if (Steps is [{ Share: 100 }])
            return ("steps", "steps: a share of 100 percent alone leaves nobody to compare with; give a smaller one before it, or activate the version.");
        if (!(Alpha is >= 0.0001 and <= 0.5))
            return ("alpha", $"alpha: {Alpha.ToString(CultureInfo.InvariantCulture)} is given; 0.0001 to 0.5 are possible.");
        if (!(Margin is >= 0.001 and <= 0.5))
            return ("margin", $"margin: {Margin.ToString(CultureInfo.InvariantCulture)} is given; 0.001 to 0.5 are possible.");
        return Guard.Problem();
    }
}

/// <summary>A share of the calls, and what has to be seen before the next one.</summary>
/// <param name="Share">Percent of the calls, 1 to 100.</param>
/// <param name="Calls">How many calls of the challenger's have to have come to an end.</param>
/// <param name="Minutes">How long it has to last.</param>
public sealed record CanaryStep(int Share, int Calls, double Minutes)
{
    /// <summary>Reads <c>1:50/10,5:200/30,100</c>: percent, and behind it calls and minutes where something is waited for; null when it is no such text.</summary>
    public static IReadOnlyList<CanaryStep>? ParseAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var steps = new List<CanaryStep>();
        foreach (string part in text.Split(','))
        {
            string[] halves = part.Trim().TrimEnd('%').Split(':', 2);
            string[] waits = halves.Length == 2 ? halves[1].Split('/', 2) : ["0"];
            int calls = 0;
            double minutes = 0;
            if (!int.TryParse(halves[0].TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out int share)
                || !int.TryParse(waits[0], NumberStyles.None, CultureInfo.InvariantCulture, out calls)
                || (waits.Length == 2 && !double.TryParse(waits[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out minutes)))
            {
                return null;
            }
            steps.Add(new CanaryStep(share, calls, minutes));
        }
        return steps;
    }

    /// <summary>As <see cref="ParseAll"/> reads it.</summary>
    public override string ToString() => Calls == 0 && Minutes == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Share}")
        : string.Create(CultureInfo.InvariantCulture, $"{Share}:{Calls}/{Minutes}");
}

/// <summary>When a challenger is rolled back at once, without waiting for proof: a target of its calls is not there.</summary>
public sealed record CanaryGuard
{
    /// <summary>After so many attempts in a row that did not reach a target, or decisions in a row that failed; 0 for never.</summary>
    public required int InARow { get; init; }

    /// <summary>When at least this share of a target's attempts did not reach it, percent; 0 for never.</summary>
    public required int Percent { get; init; }

    /// <summary>The least number of attempts that a share is made of, 1 or more.</summary>
    public required int Attempts { get; init; }

    /// <summary>How far back attempts count for the share, seconds, 1 to 86,400.</summary>
    public required int Seconds { get; init; }

    /// <summary>5 in a row, or half of 20 and more within a minute.</summary>
    public static CanaryGuard Usual { get; } = new() { InARow = 5, Percent = 50, Attempts = 20, Seconds = 60 };

    /// <summary>What is wrong with it, with the field that it is in; null when nothing is.</summary>
    public (string Field, string Message)? Problem() =>
        InARow is < 0 or > 10_000 ? ("guard.inARow", $"guard.inARow: {InARow} is given; 0 to 10000 are possible.")
        : Percent is < 0 or > 100 ? ("guard.percent", $"guard.percent: {Percent} is given; 0 to 100 are possible.")
        : Attempts is < 1 or > 10_000 ? ("guard.attempts", $"guard.attempts: {Attempts} is given; 1 to 10000 are possible.")
        : Seconds is < 1 or > 86_400 ? ("guard.seconds", $"guard.seconds: {Seconds} is given; 1 to 86400 are possible.")
        : null;
}

/// <summary>What a call is assigned by; the same call, or caller, always comes out the same.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CanarySplit>))]
public enum CanarySplit
{
    /// <summary>The call's id: one call after the other is by chance.</summary>
    [JsonStringEnumMemberName("call")]
    Call,

    /// <summary>The caller's number: who calls again is decided by the same version. Without a number, the call's id.</summary>
    [JsonStringEnumMemberName("caller")]
    Caller,
}
