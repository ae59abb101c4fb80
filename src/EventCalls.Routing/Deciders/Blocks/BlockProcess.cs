using System.Diagnostics;
using EventCalls.Routing.Deciders.Child;
using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders.Blocks;

/// <summary>One process that decides past calls, a block at a time: it is written to, then read from, by the thread that asks.</summary>
internal sealed class BlockProcess : IDisposable
{
    private static readonly TimeSpan s_loadLimit = LogicCompiler.CompileLimit + LogicCompiler.CompileLimit;
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly BlockDeciderOptions _options;
    private readonly TimeProvider _time;
    private readonly BeganMark _mark;
    private readonly Process _process;
    private readonly DeciderErrors _errors;
    private readonly DeciderWatch _watch;
    private readonly FrameBuffer _frames = new();
    private readonly WireWriter _writer = new();
    private readonly WireTexts _texts;
    private readonly ITimer _looking;
    private readonly int _tables;
    private readonly int _endpoints;
    private (DeciderEnd Kind, string Message)? _killed;
    private DecisionBlock? _block;
    private BlockAsk[] _asked = [];
    private long _first = 1;
    private long _waitingSince;
    private bool _isDisposed;

    /// <summary>Starts it, and gives it the logic.</summary>
    /// <exception cref="IOException">It does not start, or ends when it loads the logic.</exception>
    /// <exception cref="InvalidOperationException">The runtime does not take the logic.</exception>
    public BlockProcess(BlockDeciderOptions options, CompiledLogic logic, WireTexts texts, TimeProvider time)
    {
        (_options, _texts, _time) = (options, texts, time);
        _mark = BeganMark.Create();
        try
        {
            _process = DeciderStart.Start(options.Process, _mark.Path);
        }
        catch
        {
            _mark.Dispose();
            throw;
        }

        _errors = new DeciderErrors(_process.StandardError, seen => Kill(seen.Kind, seen.Message));
        _watch = new DeciderWatch(_process, _mark, options.Process.Grace, time);
        _waitingSince = time.GetTimestamp();
        _looking = time.CreateTimer(static self => ((BlockProcess)self!).Look(), this, s_lookEvery, s_lookEvery);
        try
        {
            (_tables, _endpoints) = Greet(logic);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            var end = End();
            Dispose();
            throw new IOException($"A decider ended before it decided: {end.Message}.", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Asks for decisions, and waits for all of them.</summary>
    /// <param name="block">The requests.</param>
    /// <param name="asks">Which of them, and how, in the order they are taken.</param>
    /// <param name="zone">The time zone's number, when it is a second decider.</param>
    /// <param name="answer">Called with each answer, by its place in <paramref name="asks"/>.</param>
    /// <exception cref="IOException">The process has ended: <see cref="End"/> says why.</exception>
    public void Decide(DecisionBlock block, BlockAsk[] asks, int zone, Action<int, BlockAnswer> answer)
    {
        lock (_gate)
            (_block, _asked, _waitingSince) = (block, asks, _time.GetTimestamp());
        _writer.Clear();
        int message = _writer.BeginMessage(MessageKind.Block);
        BlockDecisions.WriteHead(_writer, _first, version: 1, _options.Decide, _tables, _endpoints, _options.IsSecond ? zone : null);
        _writer.Count(asks.Length);
        foreach (ref readonly var ask in asks.AsSpan())
            BlockWire.Write(_writer, ask, block.BytesOf(ask.Index));
        _writer.EndMessage(message);
        _process.StandardInput.BaseStream.Write(_writer.Written);
        var from = Read(MessageKind.BlockDecided);
        for (int i = 0; i < asks.Length; i++)
            answer(i, BlockWire.ReadAnswer(ref from));
        lock (_gate)
        {
            _first += asks.Length;
            (_block, _asked) = (null, []);
        }
    }

    /// <summary>Ends it, whatever it does; from any thread.</summary>
    public void Stop() => Kill(DeciderEnd.Stopped, "it was stopped");

    /// <summary>Why it ended, and with which decision: its place in what was asked, or -1 when it was taking none.</summary>
    public (DeciderEnd Kind, string Message, int Began) End()
    {
        // It ends by itself, but for one that has closed its pipe or writes what it should not.
        if (!_process.WaitForExit(s_ending))
            Kill(DeciderEnd.Crashed, "it answered what was not asked");
        _errors.WaitToEnd();
        _process.WaitForExit();
        long began = _mark.Current - _first;
        var (kind, message) = _errors.Seen ?? _killed ?? (DeciderEnd.Crashed, $"it ended with code {_process.ExitCode}{_errors.Tail}");
        return (kind, message, began >= 0 && began < _asked.Length ? (int)began : -1);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _looking.Dispose();
        Stop();
        _process.WaitForExit();
        _process.Dispose();
        _mark.Dispose();
    }

    private (int Tables, int Endpoints) Greet(CompiledLogic logic)
    {
        var hello = Read(MessageKind.Hello);
        if (hello.Guid() != DeciderBuild.Id)
            throw new InvalidOperationException("The program on the disk is another build than the one that runs; start it again.");
        _mark.Unlink();
        int message = _writer.BeginMessage(MessageKind.Load);
        _writer.UInt(1);
        _writer.Count(1);
        _writer.Text(logic.Version);
        LogicWire.Write(_writer, logic.Image);
        _writer.EndMessage(message);
        if (_options.Tables is { } tables)
        {
            message = _writer.BeginMessage(MessageKind.Tables);
            _writer.Count(1);
            TablesWire.Write(_writer, tables);
            _writer.EndMessage(message);
        }

        if (_options.Decide.KnownEndpoints is { } endpoints)
        {
            message = _writer.BeginMessage(MessageKind.Endpoints);
            _writer.Count(1);
            _writer.Count(endpoints.Count);
            foreach (string name in endpoints)
                _writer.Text(name);
            _writer.EndMessage(message);
        }

        _process.StandardInput.BaseStream.Write(_writer.Written);
        var loaded = Read(MessageKind.Loaded);
        loaded.UInt();
        var check = LogicWire.ReadCheck(ref loaded, logic.Sources);
        if (check.Diagnostics.Count > 0)
            throw new InvalidOperationException($"A decider cannot load the logic: {string.Join(" ", check.Diagnostics)}");
        return (_options.Tables is null ? 0 : 1, _options.Decide.KnownEndpoints is null ? 0 : 1);
    }

    private WireReader Read(MessageKind kind)
    {
        ReadOnlySpan<byte> message;
        while (!_frames.Next(out message))
        {
            if (!_frames.Read(_process.StandardOutput.BaseStream))
                throw new IOException("The decider has ended.");
        }

        return message[0] == (byte)kind ? new WireReader(message[1..], _texts) : throw new InvalidDataException($"an answer of kind {message[0]}");
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            long id = _mark.Current;
            if (id != 0)
            {
                if (_watch.Look(id, LimitOf(id), out _) is { } over)
                    Kill(over.Kind, over.Message);
            }
            else if (_block is not null && _time.GetElapsedTime(_waitingSince) > s_stuck)
            {
                Kill(DeciderEnd.Blocked, "it did not answer");
            }
        }
    }

    private TimeSpan LimitOf(long id)
    {
        long place = id - _first;
        if (id < 0 || place < 0 || place >= _asked.Length)
            return s_loadLimit;
        return _asked[place].IsPatient ? _options.Decide.TimeLimit * BlockAsk.PatientFactor : _options.Decide.TimeLimit;
    }

    private void Kill(DeciderEnd kind, string message)
    {
        lock (_gate)
            _killed ??= (kind, message);
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended already.
        }
    }
}
