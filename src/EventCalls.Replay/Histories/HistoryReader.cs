using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Past;
using EventCalls.Store;

namespace EventCalls.Replay.Histories;

/// <summary>Reads a history from its beginning to its end, call by call.</summary>
internal sealed class HistoryReader : IDisposable
{
    private const int BufferSize = 1 << 18;
    private const string WhatToDo = "make one with 'eventcalls history export FILE'";

    private static readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> s_names =
        PastCallReader.EventTypes.ToDictionary(name => name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly string _path;
    private readonly Stream _stream;

    // Events of a call are kept as parts of the buffer they were read into; a full one is left to them, and a new one taken.
    private byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private long _calls;

    public HistoryReader(string path)
    {
        _path = path;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        _stream = new GZipStream(file, CompressionMode.Decompress);
        try
        {
            Head = ReadHead();
            while (TryPeekLine(out var line) && line.Span.StartsWith("logic "u8))
            {
                Versions.Add(JsonSerializer.Deserialize(line.Span["logic ".Length..], HistoryFormat.Json.LogicVersionLoaded)!);
                _start += line.Length + 1;
            }
        }
        catch (Exception e)
        {
            _stream.Dispose();
            throw e is InvalidDataException or JsonException ? new InvalidDataException(e is InvalidDataException { InnerException: null } && e.Message.StartsWith('\'') ? e.Message : $"'{path}' is no history of calls, or not whole: it cannot be unpacked or read. Name another file, or {WhatToDo}.") : e;
        }
    }

    public HistoryHead Head { get; }

    public List<LogicVersionLoaded> Versions { get; } = [];

    /// <summary>The next call; null at the end.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or ends early.</exception>
    public CallHistory? Read()
    {
        try
        {
            if (!TryPeekLine(out var line))
                throw new InvalidDataException("its end is missing");
            if (line.Span.StartsWith(HistoryFormat.End))
                return Utf8Parser.TryParse(line.Span[HistoryFormat.End.Length..], out long calls, out _) && calls == _calls ? null : throw new InvalidDataException("it has fewer or more calls than were written");
            var row = JsonSerializer.Deserialize(line.Span, HistoryFormat.Json.HistoryRow)!;
            _start += line.Length + 1;
            var events = new List<StoredEvent>(6);
            while (TryPeekLine(out line))
            {
                _start += line.Length + 1;
                if (line.Length == 0)
                {
                    _calls++;
                    return new CallHistory(HistoryFormat.ToRow(row, events.Count), events);
                }
                events.Add(Event(row.CallId, events.Count + 1, line));
            }
            throw new InvalidDataException("it ends within a call");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            throw new InvalidDataException($"'{_path}' is damaged behind {_calls} calls: {e.Message}; {WhatToDo} anew.", e);
        }
    }

    public void Dispose() => _stream.Dispose();

    private HistoryHead ReadHead()
    {
        if (!TryPeekLine(out var line) || !line.Span.StartsWith(Encoding.ASCII.GetBytes(HistoryFormat.Magic + " ")))
            throw new InvalidDataException($"'{_path}' is no history of calls; {WhatToDo}.");
        var head = JsonSerializer.Deserialize(line.Span[(HistoryFormat.Magic.Length + 1)..], HistoryFormat.Json.HistoryHead)!;
        if (head.Version > HistoryFormat.Version)
            throw new InvalidDataException($"'{_path}' is a history of form {head.Version}, and this version of EventCalls reads {HistoryFormat.Version}; {WhatToDo} of this version, or take a newer EventCalls.");
        _start += line.Length + 1;
        return head;
    }

    private static StoredEvent Event(Guid call, int version, ReadOnlyMemory<byte> line)
    {
        int blank = line.Span.IndexOf((byte)' ');
        if (blank <= 0)
            throw new InvalidDataException("an event has no name");
        Span<char> name = stackalloc char[64];
        int length = Encoding.ASCII.GetChars(line.Span[..Math.Min(blank, 64)], name);
        return new StoredEvent
        {
            Position = version,
            CallId = call,
            Version = version,
            EventId = Guid.Empty,
            Type = s_names.TryGetValue(name[..length], out string? known) ? known : new string(name[..length]),
            Data = line[(blank + 1)..],
        };
    }

    private bool TryPeekLine(out ReadOnlyMemory<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = _buffer.AsMemory(_start, searched + at);
                return true;
            }
            searched = _end - _start;
            if (_end == _buffer.Length)
            {
                // What was handed out stays as it is.
                var next = new byte[Math.Max(BufferSize, searched * 2)];
                _buffer.AsSpan(_start, searched).CopyTo(next);
                (_buffer, _start, _end) = (next, 0, searched);
            }
            int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                line = default;
                return searched == 0 ? false : throw new InvalidDataException("its last line is not whole");
            }
            _end += read;
        }
    }
}
