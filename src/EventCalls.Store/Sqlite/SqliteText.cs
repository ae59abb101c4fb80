using System.Globalization;

namespace EventCalls.Store.Sqlite;

/// <summary>How ids and times are written in the SQLite file: text that sorts and that people can read.</summary>
internal static class SqliteText
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The time of a text in UTF-8 that is of this form; false for any other.</summary>
    public static bool TryTime(ReadOnlySpan<byte> utf8, out DateTimeOffset time)
    {
        time = default;
        if (utf8.Length != 27 || utf8[4] != '-' || utf8[7] != '-' || utf8[10] != 'T' || utf8[13] != ':' || utf8[16] != ':' || utf8[19] != '.' || utf8[26] != 'Z'
            || !TryNumber(utf8[..4], out int year) || !TryNumber(utf8[5..7], out int month) || !TryNumber(utf8[8..10], out int day)
            || !TryNumber(utf8[11..13], out int hour) || !TryNumber(utf8[14..16], out int minute) || !TryNumber(utf8[17..19], out int second)
            || !TryNumber(utf8[20..26], out int microsecond)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddTicks(microsecond * TimeSpan.TicksPerMicrosecond);
        return true;
    }

    /// <exception cref="InvalidDataException">The text is no time.</exception>
    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new InvalidDataException($"'{text}' is not a time");

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            number = (number * 10) + (digit - '0');
        }
        return true;
    }
}
