using System.Text;

namespace EventCalls.Contracts;

/// <summary>
/// Cuts a table into rows and fields (RFC 4180). Lines end with CR, LF or both; in a field of several lines they are LF. Blank lines are passed over. A row that cannot be cut
/// says why, and reading goes on at the line behind the one on which it begins. Not for use by several threads at once.
/// </summary>
/// <param name="text">The table; stays open.</param>
/// <param name="delimiter">What stands between fields; null for that one of comma, semicolon, tab and bar that the first line has most of.</param>
// Why not the library that writes our tables: docs/adr/0014-one-reader-of-csv.md.
public sealed class CsvRows(TextReader text, char? delimiter = null)
{
    /// <summary>The longest line, and about the longest field, characters.</summary>
    public const int MostCharacters = CsvLines.MostCharacters;

    private const int MostLines = 1_000;
    private static readonly char[] s_delimiters = [',', ';', '\t', '|'];

    private readonly CsvLines _lines = new(text);
    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();
    private char? _delimiter = delimiter;

    /// <summary>The line on which the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The row's fields until the next is read; none when it cannot be cut.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>Why the row cannot be cut; null when it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a field of the row that is not quoted holds a quotation mark, which stays as it is.</summary>
    public bool HasBareQuote { get; private set; }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public bool Read()
    {
        _fields.Clear();
        (Problem, HasBareQuote) = (null, false);
        while (_lines.Read() is { } line)
        {
            if (line.Length == 0)
                continue;
            Line = _lines.Number;
            _delimiter ??= s_delimiters.MaxBy(c => line.Count(x => x == c));
            Problem = _lines.WasCut ? $"the line is longer than {MostCharacters} characters" : Cut(line, _delimiter.Value);
            if (Problem is not null)
                _fields.Clear();
            return true;
        }
        return false;
    }

    private string? Cut(string line, char delimiter)
    {
        List<string>? more = null;
        int at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                if (TakeQuoted(ref line, ref at, ref more, delimiter) is { } problem)
                    return problem;
            }
            else
            {
                int end = line.IndexOf(delimiter, at);
                string field = end < 0 ? line[at..] : line[at..end];
                HasBareQuote |= field.Contains('"');
                _fields.Add(field);
                at = end < 0 ? line.Length : end;
            }
            if (at == line.Length)
                return null;
            at++;
            if (at == line.Length)
            {
                _fields.Add("");
                return null;
            }
        }
    }

    private string? TakeQuoted(ref string line, ref int at, ref List<string>? more, char delimiter)
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
                string? next = more.Count < MostLines && _field.Length < MostCharacters ? _lines.Read() : null;
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
                return null;
            }
            if (line[at] != '"')
            {
                // Over several lines it is the opening mark that is more likely to be wrong.
                return more is not null
                    ? NotClosed(more)
                    : $"there is '{line[at]}' behind the closing quotation mark of column {_fields.Count + 1}; expected '{delimiter}' or the end of the line";
            }
            _field.Append('"');
            at++;
        }
    }

    // Only the line with the mark is given up, not all that follows it.
    private string NotClosed(List<string> more)
    {
        _lines.GiveBack(more);
        return $"the quotation mark in column {_fields.Count + 1} is not closed; a quotation mark within a field is written twice";
    }
}
