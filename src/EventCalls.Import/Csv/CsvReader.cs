using System.Text;

namespace EventCalls.Import.Csv;

/// <summary>Cuts a table into rows and fields (RFC 4180); what cannot be cut is noted with its line, and reading goes on behind it.</summary>
// Not the CSV library that writes reports: behind a quotation mark that is never closed it takes the rest of the table for one field, and names a record
// and a byte where people look for a line and a column. Here one line is given up.
internal sealed class CsvReader(CsvLines lines, char delimiter, ImportProblems problems)
{
    private const int MostLines = 1_000;

    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();

    /// <summary>The line on which the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next row; blank lines are passed over. Null at the end.</summary>
    public IReadOnlyList<string>? Read()
    {
        while (lines.Read() is { } line)
        {
            Line = lines.Number;
            if (lines.WasCut)
                problems.Add($"line {Line}", $"the line is longer than {CsvLines.MostCharacters} characters; it is left out");
            else if (line.Length > 0 && TryCut(line))
                return _fields;
        }
        return null;
    }

    private bool TryCut(string line)
    {
        _fields.Clear();
        List<string>? more = null;
        int at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                if (!TakeQuoted(ref line, ref at, ref more))
                    return false;
            }
            else
            {
                int end = line.IndexOf(delimiter, at);
                _fields.Add(end < 0 ? line[at..] : line[at..end]);
                at = end < 0 ? line.Length : end;
            }
            if (at == line.Length)
                return true;
            at++;
            if (at == line.Length)
            {
                _fields.Add("");
                return true;
            }
        }
    }

    private bool TakeQuoted(ref string line, ref int at, ref List<string>? more)
    {
        _field.Clear();
        at++;
        while (true)
        {
            int quote = line.IndexOf('"', at);
            if (quote < 0)
            {
                _field.Append(line, at, line.Length - at).Append('\n');
                more ??= [];
                string? next = more.Count < MostLines && _field.Length < CsvLines.MostCharacters ? lines.Read() : null;
                if (next is null)
                    return NotClosed(more);
                more.Add(next);
                (line, at) = (next, 0);
                continue;
            }
            _field.Append(line, at, quote - at);
            at = quote + 1;
            if (at == line.Length || line[at] == delimiter)
            {
                _fields.Add(_field.ToString());
                return true;
            }
            if (line[at] != '"')
            {
                // Over several lines it is the opening mark that is more likely to be wrong.
                if (more is not null)
                    return NotClosed(more);
                problems.Add($"line {Line}", $"there is '{line[at]}' behind the closing quotation mark of column {_fields.Count + 1}; expected '{delimiter}' or the end of the line");
                return false;
            }
            _field.Append('"');
            at++;
        }
    }

    // Only the line with the mark is given up, not all that follows it.
    private bool NotClosed(List<string> more)
    {
        lines.GiveBack(more);
        problems.Add($"line {Line}", $"the quotation mark in column {_fields.Count + 1} is not closed; a quotation mark within a field is written twice");
        return false;
    }
}
