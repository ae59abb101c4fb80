using EventCalls.Contracts;

namespace EventCalls.Import.Csv;

/// <summary>Which column of a table stands for which field of a call.</summary>
public sealed class CsvColumns
{
    /// <summary>Begins the name of a field that is a SIP header of the caller's INVITE.</summary>
    public const string Header = "header.";

    /// <summary>Begins the name of a field that is a value of the conversation's state.</summary>
    public const string State = "state.";

    /// <summary>Begins the name of a field that is a header sent with the handoff.</summary>
    public const string HandoffHeader = "handoff_header.";

    private readonly Dictionary<string, (int Index, string Column)> _fields = new(StringComparer.Ordinal);

    /// <summary>The fields a column can stand for, besides those that begin with <see cref="Header"/>, <see cref="State"/> or <see cref="HandoffHeader"/>.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "started_at", "answered_at", "ended_at", "duration_seconds", "talk_seconds", "call_id", "caller", "callee", "trunk", "transport", "request_uri",
        "flow", "logic_version", "handoff", "target", "outbound_endpoint", "outbound_caller_id", "outcome", "sip_status", "reason", "ended_by", "end_cause",
    ];

    /// <summary>The headers, state values and handoff headers, each with its column.</summary>
    public List<(string Prefix, string Name, int Index, string Column)> Named { get; } = [];

    /// <summary>The columns that stand for nothing.</summary>
    public List<string> Unused { get; } = [];

    /// <summary>What is wrong with a field's name; null when it is one.</summary>
    public static string? WhyNot(string field) =>
        Fields.Contains(field) || IsNamed(field, out _, out _)
            ? null
            : $"'{field}' is no field; expected {string.Join(", ", Fields)}, {Header}NAME, {State}NAME or {HandoffHeader}NAME";

    /// <summary>Reads the first line; null when it cannot be used, which is noted.</summary>
    public static CsvColumns? Of(IReadOnlyList<string> names, CsvOptions options, ImportProblems problems)
    {
        var columns = new CsvColumns();
        var mapped = new HashSet<int>();
        foreach (var (column, field) in options.Map)
        {
            int index = IndexOf(names, column);
            if (index < 0)
            {
                problems.Add("line 1", $"there is no column '{column}', which --map names; {Spelling.Known(names)}");
                return null;
            }
            mapped.Add(index);
            columns.Set(field, index, column);
        }
        for (int i = 0; i < names.Count; i++)
        {
            if (mapped.Contains(i))
                continue;
            string name = names[i].Trim();
            bool isNamed = IsNamed(name, out string prefix, out string key);
            string field = isNamed ? prefix + key : name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
            if (!isNamed && !Fields.Contains(field))
                columns.Unused.Add(name);
            // What --map says comes before a column that happens to have the name.
            else if (!columns._fields.ContainsKey(field))
                columns.Set(field, i, name);
        }
        if (columns.Has("started_at") && (columns.Has("caller") || columns.Has("callee")))
            return columns;
        string missing = columns.Has("started_at") ? "caller or callee" : "started_at";
        problems.Add("line 1", $"no column stands for {missing}; name one so, or use --map COLUMN={missing.Split(' ')[0]}; {Spelling.Known(names)}");
        return null;
    }

    /// <summary>Whether a column stands for the field.</summary>
    public bool Has(string field) => _fields.ContainsKey(field);

    /// <summary>What a row says of a field, and the column's name; empty when there is no such column.</summary>
    public (string Value, string Column) Get(IReadOnlyList<string> row, string field) =>
        _fields.TryGetValue(field, out var found) && found.Index < row.Count ? (row[found.Index].Trim(), found.Column) : ("", field);

    private static int IndexOf(IReadOnlyList<string> names, string column)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i].Trim().Equals(column, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;
    }

    private static bool IsNamed(string field, out string prefix, out string name)
    {
        foreach (string known in (ReadOnlySpan<string>)[Header, State, HandoffHeader])
        {
            if (field.Length > known.Length && field.StartsWith(known, StringComparison.OrdinalIgnoreCase))
            {
                (prefix, name) = (known, field[known.Length..]);
                return true;
            }
        }
        (prefix, name) = ("", "");
        return false;
    }

    private void Set(string field, int index, string column)
    {
        if (IsNamed(field, out string prefix, out string name))
            Named.Add((prefix, name, index, column));
        else
            _fields[field] = (index, column);
    }
}
