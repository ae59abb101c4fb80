using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Outcomes;

namespace EventCalls.Replay.Reports.Spool;

/// <summary>The changed calls, one by one, on disk: there may be millions. The file is the process's own and goes with it.</summary>
public sealed class ChangedCalls : IDisposable
{
    private const int ReadSize = 128 * 1024;

    // Not for an HTML page: '+', '<' and '>', which SIP is full of, stay readable.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Utf8JsonWriter _writer;

    // Of the call that is being added; one for all of them.
    private readonly Dictionary<string, WasAndNow> _fields = new(StringComparer.Ordinal);

    /// <summary>Makes the file, for the user alone.</summary>
    /// <param name="folder">Where.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal ChangedCalls(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = ReadSize,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(Path.Combine(folder, $"eventcalls-replay-{Guid.NewGuid():N}.ndjson"), options);
        _writer = new Utf8JsonWriter(_line, s_options);
    }

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Every changed call in the order of the run, as a JSON object in UTF-8 (the members of <c>changes</c>); each is good until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        _file.Flush();
        long length = _file.Length;
        var buffer = new byte[ReadSize];
        int filled = 0;
        for (long at = 0; at < length;)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            int read = RandomAccess.Read(_file.SafeFileHandle, buffer.AsSpan(filled), at);
            if (read == 0)
                throw new EndOfStreamException("The file of changed calls ended early.");
            at += read;
            filled += read;
            int done = 0;
            for (int end; (end = buffer.AsSpan(done, filled - done).IndexOf((byte)'\n')) >= 0; done += end + 1)
                yield return buffer.AsMemory(done, end);
            buffer.AsSpan(done, filled - done).CopyTo(buffer);
            filled -= done;
        }
    }

    /// <summary>Closes the file, and with that removes it.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    internal void Add(ReplayedCall call, in MoveOfCall move)
    {
        _line.ResetWrittenCount();
        _writer.Reset();
        _fields.Clear();
        foreach (var change in call.Changes)
            _fields[change.Field] = new WasAndNow(change.Was, change.Now);
        var changed = new ChangedCall
        {
            CallId = call.Call.CallId,
            SipCallId = call.Started.SipCallId,
            StartedAt = call.Started.OccurredAt.UtcDateTime,
            Caller = call.Started.CallerNumber,
            Callee = call.Started.CalleeNumber,
            Trunk = call.Started.Trunk,
            Retry = move.Retry,
            Flow = new WasAndNow(move.FromFlow, move.ToFlow),
            Target = new WasAndNow(move.FromTarget.Name, move.ToTarget.Name),
            Outcome = WireName.Of(call.Call.Outcome),
            Expected = call.Expected.Count > 0 ? call.Expected : null,
            Fields = _fields,
        };
        JsonSerializer.Serialize(_writer, changed, ReportContext.Default.ChangedCall);
        _line.GetSpan(1)[0] = (byte)'\n';
        _line.Advance(1);
        _file.Write(_line.WrittenSpan);
        Count++;
    }

    internal void Save(BinaryWriter writer)
    {
        _file.Flush();
        writer.Write(Count);
        writer.Write(_file.Length);
        writer.Flush();
        _file.Position = 0;
        _file.CopyTo(writer.BaseStream);
    }

    internal void Load(BinaryReader reader)
    {
        Count = reader.ReadInt64();
        long left = reader.ReadInt64();
        _file.SetLength(0);
        var buffer = new byte[ReadSize];
        while (left > 0)
        {
            int read = reader.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
                throw new EndOfStreamException();
            _file.Write(buffer, 0, read);
            left -= read;
        }
    }
}
