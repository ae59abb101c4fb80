using System.Globalization;

namespace CallAnalytics;

/// <summary>What came of the transfers to one target that were tried in one hour: a document, made by <see cref="AnswerRates"/>.</summary>
public sealed record TargetHour
{
    private const string HourFormat = "yyyy-MM-dd'T'HH'Z'";

    /// <summary>The hour, a space, the target.</summary>
    public required string Id { get; init; }

    /// <summary>The hour in which they began, UTC.</summary>
    public DateTimeOffset Hour { get; init; }

    /// <summary>The URI dialled, referred to or redirected to.</summary>
    public string Target { get; init; } = "";

    /// <summary>How many came to an end.</summary>
    public int Decided { get; init; }

    /// <summary>How many of them were answered.</summary>
    public int Answered { get; init; }

    /// <summary>How many went to somebody of whom nobody hears whether they answered, by a redirect for instance.</summary>
    public int Accepted { get; init; }

    /// <summary>How many failed since one was done.</summary>
    public int FailedInARow { get; init; }

    /// <summary>The most that failed one after the other.</summary>
    public int MostFailedInARow { get; init; }

    /// <summary>The share that was answered of those of which it is known, 0 to 1; null when there are none.</summary>
    public double? AnswerRate => Decided > Accepted ? (double)Answered / (Decided - Accepted) : null;

    /// <summary>The id for a target and a time.</summary>
    public static string IdOf(string target, DateTimeOffset at) => $"{at.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)} {target}";

    /// <summary>Nothing counted yet.</summary>
    public static TargetHour Empty(string id) => new()
    {
        Id = id,
        Hour = DateTimeOffset.ParseExact(id[..id.IndexOf(' ')], HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        Target = id[(id.IndexOf(' ') + 1)..],
    };
}
