using System.Globalization;

namespace EventCalls.Console.Pages.Statistics;

/// <summary>Numbers as pictures have them.</summary>
internal static class SvgNumber
{
    /// <summary>A place, to a hundredth.</summary>
    public static string Of(double place) => place.ToString("0.##", CultureInfo.InvariantCulture);
}
