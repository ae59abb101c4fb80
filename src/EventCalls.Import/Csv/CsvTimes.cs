using System.Globalization;

namespace EventCalls.Import.Csv;

/// <summary>Reads the times of a table: ISO 8601 with a zone, or without one when it is said which, and seconds since 1970.</summary>
internal static class CsvTimes
{
    private const string NotATime = "no call has such a time; expected a year from 1970 on";

    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyyMMdd'T'HHmmss",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
    ];

    // What lies before is a database's way to write no time, and what lies far behind is damage.
    private const int FirstYear = 1970;
    private const int LastYear = 9000;

    /// <summary>Reads a time; null with the reason when it cannot be.</summary>
    public static DateTimeOffset? Parse(string text, TimeZoneInfo? zone, IReadOnlyList<TimeFormat> formats, out string? whyNot)
    {
        var time = Read(text, zone, formats, out whyNot);
        if (time is not { } read || read.Year is >= FirstYear and <= LastYear)
            return time;
        whyNot = NotATime;
        return null;
    }

    private static DateTimeOffset? Read(string text, TimeZoneInfo? zone, IReadOnlyList<TimeFormat> formats, out string? whyNot)
    {
        whyNot = null;
        foreach (var format in formats)
        {
            if (format.HasZone && format.TryRead(text, out DateTimeOffset zoned))
                return zoned.ToUniversalTime();
            if (!format.HasZone && format.TryRead(text, out DateTime own))
                return InZone(own, zone, out whyNot);
        }
        if (Epoch(text) is { } epoch)
            return epoch;
        // A fraction beyond what the clock counts is cut.
        text = Shortened(text);
        if (DateTime.TryParseExact(text, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return InZone(local, zone, out whyNot);
        string[] withZone = [.. s_formats.SelectMany(f => (string[])[f + "zzz", f + " zzz", f + "'Z'", f + "'z'"])];
        if (DateTimeOffset.TryParseExact(text, withZone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time.ToUniversalTime();
        whyNot = "expected a time such as 2026-01-31T13:00:00Z, 2026-01-31 14:00:00.250+01:00 or seconds since 1970; for another form use --time-format, such as --time-format \"dd.MM.yyyy HH:mm\"";
        return null;
    }

    private static DateTimeOffset? InZone(DateTime local, TimeZoneInfo? zone, out string? whyNot)
    {
        whyNot = null;
        if (local.Year is < FirstYear or > LastYear)
            whyNot = NotATime;
        else if (zone is null)
            whyNot = "it has no zone; add one (Z, +01:00), or say with --time-zone in which zone it is";
        else if (zone.IsInvalidTime(local))
            whyNot = $"there is no such time in {zone.Id}: the clocks were put forward";
        if (whyNot is not null)
            return null;
        // The hour that comes twice in autumn: the first one is as good as the second, and stays in order with what was before.
        var offset = zone!.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static DateTimeOffset? Epoch(string text)
    {
        int point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        // Seconds, milliseconds or microseconds, told apart by their length in the years 2001 to 2286.
        if (whole.Length is not (10 or 13 or 16) || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        decimal ticks = whole.Length switch { 10 => number * 10_000_000m, 13 => number * 10_000m, _ => number * 10m };
        return DateTimeOffset.UnixEpoch.AddTicks((long)ticks);
    }

    private static string Shortened(string text)
    {
        int point = text.LastIndexOf('.');
        int end = point + 1;
        while (point >= 0 && end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return point >= 0 && end - point > 8 ? text.Remove(point + 8, end - point - 8) : text;
    }
}
