using System.Collections.Frozen;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Lookups;

/// <summary>
/// Reads look-up tables from files. JSON: an object of keys, each with a value or with an object of named columns. CSV (RFC 4180): the
/// first line names the columns, the first column is the key. <c>table</c> alone asks for the first value column, <c>table.column</c> for a named one.
/// </summary>
public static class LookupFiles
{
    private const long MaxBytes = 256L << 20;

    /// <summary>Reads tables.</summary>
    /// <param name="files">The tables' names and their files, <c>*.json</c> or <c>*.csv</c>.</param>
    /// <exception cref="FormatException">A file cannot be read or is no table; the message names the table, the file and the line.</exception>
    public static LookupTables Load(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var columns = new List<KeyValuePair<string, FrozenDictionary<string, string?>>>();
        foreach (var (table, file) in files)
        {
            if (table.Length == 0 || table.Contains('.'))
                throw new FormatException($"Routing:Lookups:{table}: a table's name must not be empty or hold a dot, which separates the column.");
            try
            {
                columns.AddRange(Read(table, file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
            {
                throw new FormatException($"Routing:Lookups:{table}: '{file}': {e.Message}", e);
            }
        }

        return new LookupTables(columns);
    }

    private static IEnumerable<KeyValuePair<string, FrozenDictionary<string, string?>>> Read(string table, string file)
    {
        if (new FileInfo(file) is { Exists: true, Length: > MaxBytes })
            throw new FormatException($"is larger than {MaxBytes >> 20} MB.");
        var columns = Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".json" => Json(File.ReadAllBytes(file)),
            ".csv" => Csv(file),
            _ => throw new FormatException("must be a .json or a .csv file."),
        };
        foreach (var (column, values) in columns)
            yield return KeyValuePair.Create(column.Length == 0 ? table : $"{table}.{column}", values.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static Dictionary<string, Dictionary<string, string?>> Json(byte[] utf8)
    {
        using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip });
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw new FormatException("must hold one object of keys and values.");
        var columns = New();
        foreach (var row in json.RootElement.EnumerateObject())
        {
            Column(columns, "")[row.Name] = Text(row.Value);
            if (row.Value.ValueKind != JsonValueKind.Object)
                continue;
            foreach (var cell in row.Value.EnumerateObject())
                Column(columns, cell.Name)[row.Name] = Text(cell.Value);
        }

        return columns;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };

    private static Dictionary<string, Dictionary<string, string?>> Csv(string file)
    {
        using var text = new StreamReader(file);
        var rows = new CsvRows(text, ',');
        var columns = New();
        string[]? names = null;
        while (rows.Read())
        {
            // A table that loads in part would route a part of the calls wrongly.
            if (rows.Problem is { } problem)
                throw new FormatException($"line {rows.Line}: {problem}.");
            if (rows.HasBareQuote)
                throw new FormatException($"line {rows.Line} has a quote inside a value; quote the whole value and double the quotes in it.");
            var cells = rows.Fields;
            if (names is null)
            {
                if (cells.Count < 2 || cells.Any(c => c.Length == 0) || cells.Distinct(StringComparer.Ordinal).Count() != cells.Count)
                    throw new FormatException("line 1 must name the columns, the key's first, each once, at least two.");
                names = [.. cells];
                continue;
            }

            if (cells.Count != names.Length)
                throw new FormatException($"line {rows.Line} has {cells.Count} columns; line 1 names {names.Length}.");
            string key = cells[0];
            if (!Column(columns, "").TryAdd(key, cells[1]))
                throw new FormatException($"line {rows.Line} gives the key '{key}' a second time.");
            for (int i = 1; i < names.Length; i++)
                Column(columns, names[i])[key] = cells[i];
        }

        return names is null ? throw new FormatException("is empty; line 1 must name the columns.") : columns;
    }

    private static Dictionary<string, Dictionary<string, string?>> New() => new(StringComparer.Ordinal) { [""] = new(StringComparer.Ordinal) };

    private static Dictionary<string, string?> Column(Dictionary<string, Dictionary<string, string?>> columns, string name)
    {
        if (!columns.TryGetValue(name, out var column))
            columns[name] = column = new(StringComparer.Ordinal);
        return column;
    }
}
