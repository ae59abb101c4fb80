using System.Globalization;
using EventCalls.Contracts;

namespace EventCalls.Import.Csv;

/// <summary>One row while it is read: its fields, and what is wrong with them.</summary>
internal sealed class CsvRow(CsvColumns columns, IReadOnlyList<string> row, CsvOptions options, long line, ImportProblems problems)
{
    /// <summary>Whether anything was wrong; then the row is left out.</summary>
    public bool IsBad { get; private set; }

    /// <summary>The line on which the row begins, from 1.</summary>
    public long Line => line;

    /// <summary>Where it is, for people.</summary>
    public string At => $"line {line}";

    /// <summary>The fields as they stand in the row.</summary>
    public IReadOnlyList<string> Cells => row;

    /// <summary>What the row says of a field; empty when it says nothing.</summary>
    public string Text(string field) => columns.Get(row, field).Value;

    /// <summary>The same, null when it says nothing.</summary>
    public string? TextOrNull(string field) => Text(field) is { Length: > 0 } text ? text : null;

    /// <summary>Headers, state values or handoff headers: those that are not empty.</summary>
    public IEnumerable<(string Name, string Value)> Named(string prefix)
    {
        foreach (var (kind, name, index, _) in columns.Named)
        {
            if (kind == prefix && index < row.Count && row[index].Trim() is { Length: > 0 } value)
                yield return (name, value);
        }
    }

    /// <summary>A time; null when the row says none, or one that is not right.</summary>
    public DateTimeOffset? Time(string field)
    {
        if (Text(field) is not { Length: > 0 } text)
            return null;
        // A date of nothing but zeros is how some databases write none.
        if (text.AsSpan().IndexOfAnyExcept("0-/:. T") < 0)
            return null;
        var time = CsvTimes.Parse(text, options.TimeZone, options.TimeFormats, out string? whyNot);
        if (time is null)
            Wrong(field, whyNot!);
        return time;
    }

    /// <summary>A number of seconds; null when the row says none, or one that is not right.</summary>
    public TimeSpan? Seconds(string field)
    {
        if (Text(field) is not { Length: > 0 } text)
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds <= 31_536_000)
            return TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        Wrong(field, "expected seconds, such as 12 or 12.5");
        return null;
    }

    /// <summary>One of a set of names; null when the row says none, or one that is not right.</summary>
    public T? Word<T>(string field)
        where T : struct, Enum
    {
        if (Text(field) is not { Length: > 0 } text)
            return null;
        if (WireName.TryParse<T>(text.ToLowerInvariant().Replace(' ', '_').Replace('-', '_'), out var value))
            return value;
        Wrong(field, $"expected {string.Join(", ", WireName.All<T>())}");
        return null;
    }

    /// <summary>Notes that the row as a whole is not taken.</summary>
    public void LeftOut(string message)
    {
        IsBad = true;
        problems.Add(At, message);
    }

    /// <summary>Notes that a field is not right.</summary>
    public void Wrong(string field, string message)
    {
        IsBad = true;
        var (value, column) = columns.Get(row, field);
        problems.Add($"{At}, column {column}", value.Length == 0 ? $"it is empty; {message}" : $"'{value}': {message}");
    }
}
