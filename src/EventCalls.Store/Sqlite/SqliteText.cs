using System.Globalization;

namespace EventCalls.Store.Sqlite;

/// <summary>How ids and times are written in the SQLite file: text that sorts and that people can read.</summary>
internal static class SqliteText
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <exception cref="InvalidDataException">The text is no time.</exception>
    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new InvalidDataException($"'{text}' is not a time");
}
