namespace EventCalls.Import.Csv;

/// <summary>How a table is read.</summary>
public sealed record CsvOptions
{
    /// <summary>Which column stands for which field; columns named as a field need not be here.</summary>
    public IReadOnlyList<(string Column, string Field)> Map { get; init; } = [];

    /// <summary>What separates fields; null: found out from the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The zone of times that say none; null: they are refused.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>How times are written, besides ISO 8601 and seconds since 1970; these are tried first.</summary>
    public IReadOnlyList<TimeFormat> TimeFormats { get; init; } = [];

    /// <summary>The trunk of rows that name none.</summary>
    public string? Trunk { get; init; }
}
