using System.Text;

namespace EventCalls.Import.Csv;

/// <summary>The lines of a text, numbered, each of bounded length; lines can be given back.</summary>
internal sealed class CsvLines(TextReader reader)
{
    /// <summary>The longest line, characters; the rest of a longer one is passed over.</summary>
    public const int MostCharacters = 1 << 20;

    private readonly Stack<string> _givenBack = new();
    private readonly char[] _buffer = new char[1 << 14];
    private int _start;
    private int _end;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether the line that was read last was longer than what is handed out.</summary>
    public bool WasCut { get; private set; }

    /// <summary>The next line without its end; null after the last.</summary>
    public string? Read()
    {
        WasCut = false;
        if (_givenBack.TryPop(out string? again))
        {
            Number++;
            return again;
        }
        StringBuilder? line = null;
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = reader.Read(_buffer);
                if (_end <= 0)
                {
                    _end = 0;
                    return line is null ? null : Finish(line);
                }
            }
            var rest = _buffer.AsSpan(_start, _end - _start);
            int end = rest.IndexOf('\n');
            var part = end < 0 ? rest : rest[..end];
            _start += part.Length + (end < 0 ? 0 : 1);
            line ??= new StringBuilder();
            int room = MostCharacters - line.Length;
            WasCut |= part.Length > room;
            line.Append(part[..Math.Min(part.Length, room)]);
            if (end >= 0)
                return Finish(line);
        }
    }

    /// <summary>Gives lines back, so that they are read again.</summary>
    public void GiveBack(IReadOnlyList<string> lines)
    {
        for (int i = lines.Count - 1; i >= 0; i--)
            _givenBack.Push(lines[i]);
        Number -= lines.Count;
    }

    private string Finish(StringBuilder line)
    {
        Number++;
        if (line.Length > 0 && line[^1] == '\r')
            line.Length--;
        return line.ToString();
    }
}
