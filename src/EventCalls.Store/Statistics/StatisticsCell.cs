using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventCalls.Contracts;

namespace EventCalls.Store.Statistics;

/// <summary>What calls have in common that are counted together: null where it does not matter, or where a call has none.</summary>
/// <param name="Hour">The hour in which they started, UTC.</param>
/// <param name="Trunk">The trunk they came in on.</param>
/// <param name="Flow">The flow chosen last.</param>
/// <param name="Target">Where they were handed off to last.</param>
/// <param name="LogicVersion">The version of the logic that decided last.</param>
/// <param name="Reason">The reason that the logic, or who asked for the handoff, gave.</param>
public readonly record struct StatisticsKey(DateTimeOffset? Hour, string? Trunk, string? Flow, string? Target, string? LogicVersion, string? Reason)
{
    /// <summary>The key of a call.</summary>
    public static StatisticsKey Of(CallRow call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var start = call.StartedAt.UtcDateTime;
        var hour = new DateTimeOffset(start.Year, start.Month, start.Day, start.Hour, 0, 0, TimeSpan.Zero);
        return new StatisticsKey(hour, call.Trunk, call.Flow, call.Target, call.LogicVersion, call.Reason);
    }

    /// <summary>The key with nothing but what is asked for.</summary>
    public StatisticsKey Only(IReadOnlyCollection<StatisticsDimension> dimensions) => new(
        dimensions.Contains(StatisticsDimension.Hour) ? Hour : dimensions.Contains(StatisticsDimension.Day) && Hour is { } hour ? new DateTimeOffset(hour.UtcDateTime.Date, TimeSpan.Zero) : null,
        dimensions.Contains(StatisticsDimension.Trunk) ? Trunk : null,
        dimensions.Contains(StatisticsDimension.Flow) ? Flow : null,
        dimensions.Contains(StatisticsDimension.Target) ? Target : null,
        dimensions.Contains(StatisticsDimension.LogicVersion) ? LogicVersion : null,
        dimensions.Contains(StatisticsDimension.Reason) ? Reason : null);

    /// <summary>The same id for the same key on every machine, for stores that keep a document for each.</summary>
    public Guid ToId()
    {
        // A unit separator cannot be part of a value that came over SIP unescaped, and null differs from empty.
        string text = string.Join('\u001f', Hour?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Part(Trunk), Part(Flow), Part(Target), Part(LogicVersion), Part(Reason));
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    private static string Part(string? value) => value is null ? "-" : "+" + value;
}

/// <summary>What calls can be grouped by.</summary>
public enum StatisticsDimension
{
    /// <summary>The hour of the start, UTC.</summary>
    Hour,

    /// <summary>The day of the start, UTC.</summary>
    Day,

    /// <summary>The trunk.</summary>
    Trunk,

    /// <summary>The flow.</summary>
    Flow,

    /// <summary>The target of the last attempt.</summary>
    Target,

    /// <summary>The version of the logic.</summary>
    LogicVersion,

    /// <summary>The reason given for the handoff.</summary>
    Reason,
}

/// <summary>The ended calls of one key, counted.</summary>
public sealed class StatisticsCell
{
    /// <summary>What they have in common.</summary>
    public required StatisticsKey Key { get; init; }

    /// <summary>How many calls.</summary>
    public long Calls { get; set; }

    /// <summary>How many of them had a leg of the caller that was answered.</summary>
    public long Answered { get; set; }

    /// <summary>How many had which outcome of their last attempt, by its wire name; <c>none</c> where nothing was tried.</summary>
    public SortedDictionary<string, long> Outcomes { get; init; } = new(StringComparer.Ordinal);

    /// <summary>From our request to the first sign of the target, milliseconds.</summary>
    public LogHistogram PostDialDelay { get; init; } = new();

    /// <summary>How long the decisions took, microseconds.</summary>
    public LogHistogram Decision { get; init; } = new();

    /// <summary>Counts an ended call.</summary>
    public void Add(CallRow call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Calls++;
        Answered += call.AnsweredAt is null ? 0 : 1;
        Count(WireName.Of(call.Outcome) ?? "none", 1);
        if (call.PostDialDelayMs is { } delay)
            PostDialDelay.Add(delay);
        if (call.DecisionMicroseconds is { } decision)
            Decision.Add(decision);
    }

    /// <summary>Counts all that the other one counted.</summary>
    public void Add(StatisticsCell other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Calls += other.Calls;
        Answered += other.Answered;
        foreach (var (outcome, count) in other.Outcomes)
            Count(outcome, count);
        PostDialDelay.Add(other.PostDialDelay);
        Decision.Add(other.Decision);
    }

    private void Count(string outcome, long count) => Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + count;
}
