using System.Text;

namespace EventCalls.Contracts;

/// <summary>The lines of a text, numbered, each of bounded length; lines can be given back.</summary>
internal sealed class CsvLines(TextReader reader)
{
    /// <summary>The longest line, characters; the rest of a longer one is passed over.</summary>
    public const int MostCharacters = 1 << 20;

    private readonly Stack<string> _givenBack = new();
    private readonly char[] _buffer = new char[1 << 14];
    private int _start;
    private int _end;
    private bool _endedWithReturn;

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
            if (_start == _end && !Fill())
                return line is null ? null : Finish(line);
            // The second half of a line end of two characters.
            if (_endedWithReturn)
            {
                _endedWithReturn = false;
                if (_buffer[_start] == '\n')
                {
                    _start++;
                    continue;
                }
            }
            var rest = _buffer.AsSpan(_start, _end - _start);
            int end = rest.IndexOfAny('\r', '\n');
            var part = end < 0 ? rest : rest[..end];
            _start += part.Length;
            line ??= new StringBuilder();
            int room = MostCharacters - line.Length;
            WasCut |= part.Length > room;
            line.Append(part[..Math.Min(part.Length, room)]);
            if (end < 0)
                continue;
            _endedWithReturn = _buffer[_start++] == '\r';
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

    private bool Fill()
    {
        _start = 0;
        _end = Math.Max(reader.Read(_buffer), 0);
        return _end > 0;
    }

    private string Finish(StringBuilder line)
    {
        Number++;
        return line.ToString();
    }
}
