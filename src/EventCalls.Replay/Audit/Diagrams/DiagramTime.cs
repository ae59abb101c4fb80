using System.Globalization;

namespace EventCalls.Replay.Audit.Diagrams;

/// <summary>Where the rows of a picture stand: one axis of time, on which idle time is pressed together.</summary>
internal static class DiagramTime
{
    // What is closer together than this looks the same.
    private static readonly TimeSpan s_close = TimeSpan.FromMilliseconds(50);
    private const double RowHeight = 34;
    private const double PerDecade = 11;

    /// <summary>How far below the row before it a row stands: a minute is some three times as far as a tenth of a second.</summary>
    /// <param name="idle">The time between the two.</param>
    /// <param name="arrows">How many arrows the row before has.</param>
    public static double Distance(TimeSpan idle, int arrows) =>
        (RowHeight * Math.Max(1, arrows)) + (idle <= s_close ? 0 : PerDecade * Math.Log10(idle / s_close));

    /// <summary>What is said of idle time; null when it is too short to say anything.</summary>
    public static string? Words(TimeSpan idle) => idle.TotalSeconds switch
    {
        < 1 => null,
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{idle.TotalSeconds:0.0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{idle.TotalMinutes:0.0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{idle.TotalHours:0.0} h"),
    };
}
