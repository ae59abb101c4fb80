using System.Buffers;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Spooling;

/// <summary>Files that hold what the store does not have yet: on disk before it is acted on, deleted when it is stored. Safe from any thread.</summary>
/// <remarks>The format is in docs/event-store.md. What an earlier run left is read back (<see cref="TakeLeft"/>).</remarks>
public sealed class Spool : IDisposable
{
    private readonly SpoolOptions _options;
    private readonly ILogger _logger;
    private readonly SpoolFolder _folder;
    private readonly Lock _gate = new();

    // Closed, and not stored in full yet.
    private readonly HashSet<SpoolFile> _owing = [];
    private SpoolFile? _current;
    private SpoolFile? _next;
    private SpoolFile? _refused;
    private long _owedEvents;
    private long _owedBytes;
    private bool _hasRoom = true;
    private bool _failed;
    private bool _wasFull;
    private List<SpoolRecord> _left = [];

    private Spool(SpoolOptions options, SpoolFolder folder, ILogger logger)
    {
        _options = options;
        _folder = folder;
        _logger = logger;
    }

    /// <summary>The folder.</summary>
    public string Folder => _options.Folder;

    /// <summary>How many events the store does not have yet.</summary>
    public long OwedEvents => Interlocked.Read(ref _owedEvents);

    /// <summary>Whether so much is owed, or so little room is left, that no new call should be taken.</summary>
    public bool IsFull => !Volatile.Read(ref _hasRoom) || Volatile.Read(ref _failed) || Interlocked.Read(ref _owedBytes) >= _options.MaxBytes;

    /// <summary>Opens the folder, and reads what is left there.</summary>
    /// <exception cref="SpoolException">It cannot be used, or another process has it.</exception>
    public static Spool Open(SpoolOptions options, ILogger logger)
    {
        var folder = SpoolFolder.Open(options);
        var spool = new Spool(options, folder, logger);
        try
        {
            spool.ReadLeft();
            spool.Tend();
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>Sees to the files from time to time: makes room where it was missing, and deletes what the store has.</summary>
    public void Tend()
    {
        lock (_gate)
        {
            try
            {
                if (!_folder.Has(_current) || !_folder.Has(_next))
                    BeginAgain();
                if (_failed)
                    Settle(Write(SpoolFrame.Empty, 0));
                else if (_current is { Owed: 0, IsEmpty: false })
                    Turn(0);
            }
            catch (IOException)
            {
                // Said already; the next time again.
            }
            Reserve();
            TellFull();
        }
    }

    /// <summary>Closes the files. What is owed stays in them; an empty spool leaves none.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var file in (SpoolFile?[])[_current, _next])
            {
                file?.Dispose();
                if (file?.Owed == 0)
                    Delete(file);
            }
            _current = _next = null;
            foreach (var file in _owing)
                file.Dispose();
            _refused?.Dispose();
            _folder.Dispose();
        }
    }

    /// <summary>What earlier runs left, the oldest first; handed out once.</summary>
    internal IReadOnlyList<SpoolRecord> TakeLeft()
    {
        var left = _left;
        _left = [];
        return left;
    }

    /// <summary>Adds a batch; when this returns it survives what <see cref="SpoolOptions.FlushToDisk"/> says.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    internal SpoolRecord Append(ReadOnlySpan<byte> payload, int events)
    {
        int length = SpoolFrame.HeaderBytes + payload.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            SpoolFrame.Write(buffer, payload, events);
            lock (_gate)
            {
                return Write(buffer.AsSpan(0, length), events);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The payload of a record.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static byte[] Read(SpoolRecord record) => record.File.Read(record);

    /// <summary>The store has it.</summary>
    internal void Settle(SpoolRecord record)
    {
        lock (_gate)
        {
            Interlocked.Add(ref _owedEvents, -record.Events);
            Interlocked.Add(ref _owedBytes, -record.Bytes);
            record.File.Owed--;
            Remove(record.File);
            TellFull();
        }
    }

    /// <summary>The store will never take it: it is kept aside.</summary>
    /// <exception cref="IOException">It could not be written there; it is still owed.</exception>
    internal string Refuse(SpoolRecord record, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[SpoolFrame.HeaderBytes + payload.Length];
        SpoolFrame.Write(frame, payload, record.Events);
        lock (_gate)
        {
            _refused ??= SpoolFile.OpenOrCreate(_folder.Refused);
            _refused.Append(frame, record.Events, flush: true);
        }
        Settle(record);
        return _folder.Refused;
    }

    private SpoolRecord Write(ReadOnlySpan<byte> frame, int events)
    {
        try
        {
            if (_current is null || !_current.Fits(frame.Length))
                Turn(frame.Length);
            var record = _current!.Append(frame, events, _options.FlushToDisk);
            Interlocked.Add(ref _owedEvents, events);
            Interlocked.Add(ref _owedBytes, frame.Length);
            Volatile.Write(ref _failed, false);
            TellFull();
            return record;
        }
        catch (IOException e)
        {
            if (!_failed)
                _logger.LogWarning("The spool {Folder} could not be written: {Problem}", Folder, e.Message);
            Volatile.Write(ref _failed, true);
            TellFull();
            throw;
        }
    }

    /// <summary>Goes on in the next file.</summary>
    private void Turn(int needed)
    {
        if (_next?.Fits(needed) == false)
        {
            _next.Dispose();
            Delete(_next);
            _next = null;
        }
        var full = _current;
        _current = _next ?? _folder.Create(needed);
        _next = null;
        if (full is not null)
        {
            full.IsClosed = true;
            _owing.Add(full);
            Remove(full);
        }
        Reserve();
    }

    /// <summary>Somebody has removed the folder or a file that is written: what is open can still be read, and what comes goes into new files.</summary>
    private void BeginAgain()
    {
        _logger.LogError(
            "Files of the spool {Folder} were removed while they were written; it is made again. {Events} events that the store does not have yet are lost if this process ends before it has them",
            Folder, OwedEvents);
        _folder.Restore();
        _next?.Dispose();
        _next = null;
        if (_current is { } removed)
        {
            _current = null;
            removed.IsClosed = true;
            _owing.Add(removed);
            Remove(removed);
        }
    }

    // One that is gone already is not missed.
    private static void Delete(SpoolFile file)
    {
        try
        {
            File.Delete(file.Path);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    private void Reserve()
    {
        try
        {
            _current ??= _folder.Create(0);
            _next ??= _folder.Create(0);
            Volatile.Write(ref _hasRoom, true);
        }
        catch (IOException e)
        {
            if (_hasRoom)
                _logger.LogWarning("The spool {Folder} gets no more room: {Problem} Make room, or name a folder on another disk in EventCalls:Store:Spool.", Folder, e.Message);
            Volatile.Write(ref _hasRoom, false);
        }
    }

    private void Remove(SpoolFile file)
    {
        if (!file.IsClosed || file.Owed > 0)
            return;
        _owing.Remove(file);
        file.Dispose();
        try
        {
            if (file.IsDamaged)
                SpoolFolder.Keep(file.Path);
            else
                File.Delete(file.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read again at the next start it changes nothing: an event is stored once.
            _logger.LogWarning("The spool file {File}, which is stored, could not be put away: {Problem}", file.Path, e.Message);
        }
    }

    private void ReadLeft()
    {
        var remains = new SpoolRemains(_logger);
        foreach (string path in _folder.Left())
        {
            if (remains.Read(path) is not { } read)
                continue;
            _left.AddRange(read.Records);
            _owing.Add(read.File);
            Remove(read.File);
        }
        _owedEvents = _left.Sum(r => (long)r.Events);
        _owedBytes = _left.Sum(r => r.Bytes);
        if (_left.Count > 0)
            _logger.LogInformation("{Events} events that an earlier run left in {Folder} are read back", _owedEvents, Folder);
        if (File.Exists(_folder.Refused))
            _logger.LogWarning("{File} holds events that the store refused", _folder.Refused);
    }

    private void TellFull()
    {
        bool full = IsFull;
        if (full == _wasFull)
            return;
        _wasFull = full;
        if (full)
            _logger.LogError("{Events} events wait in the spool {Folder}, which is full: new calls are refused", OwedEvents, Folder);
        else
            _logger.LogInformation("The spool {Folder} has room again: new calls are taken", Folder);
    }
}
