using System.Globalization;
using EventCalls.Store.Statistics;

namespace EventCalls.Console.Pages.Statistics;

/// <summary>What stands below a picture over time.</summary>
internal static class TimeAxis
{
    private const double MostWords = 12;

    /// <summary>Every how many times one is written, so that there is room for it.</summary>
    public static int Every(int times) => Math.Max(1, (int)Math.Ceiling(times / MostWords));

    /// <summary>When it was, UTC.</summary>
    public static string When(StatisticsCell cell, TimeSpan step) => cell.Key.Hour!.Value.UtcDateTime.ToString(step.TotalDays >= 1 ? "MM-dd" : "dd. HH:mm", CultureInfo.InvariantCulture);
}
