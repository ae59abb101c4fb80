using System.Text;

namespace EventCalls.Routing.Lookups;

/// <summary>Reads comma-separated values (RFC 4180); empty lines are left out.</summary>
// Not the CSV library that writes reports: of a quote that is never closed it tells the record and the byte where the text ends, not the line that opens it,
// and a table that does not load is only as good as the line it names.
internal static class CsvLines
{
    /// <exception cref="FormatException">A quote is not closed, or stands inside a bare value.</exception>
    public static IEnumerable<(int Line, List<string> Cells)> Read(string text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        int line = 1, begun = 1, i = 0;
        bool any = false;
        while (i < text.Length)
        {
            char c = text[i];
            if (c == '"' && cell.Length == 0)
            {
                any = true;
                i = Quoted(text, i + 1, cell, ref line);
                if (i < text.Length && text[i] is not (',' or '\r' or '\n'))
                    throw new FormatException($"line {line} has text after a closing quote.");
            }
            else if (c == ',')
            {
                any = true;
                cells.Add(cell.ToString());
                cell.Clear();
                i++;
            }
            else if (c is '\n' or '\r')
            {
                if (any || cell.Length > 0)
                {
                    cells.Add(cell.ToString());
                    yield return (begun, cells);
                    cells = [];
                    cell.Clear();
                    any = false;
                }

                i += c == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
                begun = ++line;
            }
            else if (c == '"')
            {
                throw new FormatException($"line {line} has a quote inside a value; quote the whole value and double the quotes in it.");
            }
            else
            {
                cell.Append(c);
                i++;
            }
        }

        if (any || cell.Length > 0)
        {
            cells.Add(cell.ToString());
            yield return (begun, cells);
        }
    }

    private static int Quoted(string text, int i, StringBuilder cell, ref int line)
    {
        int opened = line;
        for (; i < text.Length; i++)
        {
            if (text[i] == '\n')
                line++;
            if (text[i] != '"')
                cell.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[++i]);
            else
                return i + 1;
        }

        throw new FormatException($"line {opened} opens a quote that is never closed.");
    }
}
