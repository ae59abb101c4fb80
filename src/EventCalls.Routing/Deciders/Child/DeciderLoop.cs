using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Limits;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciders.Child;

/// <summary>Reads what the parent asks, decides on this thread, and answers in the same order, as many at once as were asked at once.</summary>
internal sealed class DeciderLoop(Stream input, Stream output, BeganMark mark)
{
    private const int FlushAt = 32 * 1024;

    private readonly WireTexts _texts = new();
    private readonly WireWriter _answers = new();
    private readonly Dictionary<int, CompiledLogic> _versions = [];
    private readonly Dictionary<int, string> _refused = [];
    private readonly Dictionary<int, LookupTables> _tables = [];
    private readonly Dictionary<int, HashSet<string>> _endpoints = [];
    private readonly FrameBuffer _frames = new();
    private readonly BrokenStatics _statics = new();
    private BlockDecisions? _blocks;

    /// <summary>Until the parent closes the pipe.</summary>
    public void Run()
    {
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
        {
            // How much there is of either depends on the process: logic that catches it must not decide by it.
            if (thrown.Exception is OutOfMemoryException or InsufficientExecutionStackException)
                CheckPoint.Exhausted(thrown.Exception is OutOfMemoryException);
        };
        int hello = _answers.BeginMessage(MessageKind.Hello);
        _answers.Guid(DeciderBuild.Id);
        _answers.EndMessage(hello);
        Flush();
        while (_frames.Read(input))
        {
            while (_frames.Next(out var message))
            {
                Handle(message);
                if (_answers.Length >= FlushAt)
                    Flush();
            }

            Flush();
        }
    }

    private void Flush()
    {
        if (_answers.Length == 0)
            return;
        output.Write(_answers.Written);
        output.Flush();
        _answers.Clear();
    }

    private void Handle(ReadOnlySpan<byte> message)
    {
        var from = new WireReader(message[1..], _texts);
        switch ((MessageKind)message[0])
        {
            case MessageKind.Decide:
                Decide(ref from);
                break;
            case MessageKind.Compile:
                Compile(ref from);
                break;
            case MessageKind.Load:
                Load(ref from);
                break;
            case MessageKind.Unload:
                int number = from.Count();
                _refused.Remove(number);
                if (_versions.Remove(number, out var old))
                    old.Dispose();
                break;
            case MessageKind.Tables:
                _tables[from.Count()] = TablesWire.Read(ref from);
                break;
            case MessageKind.Endpoints:
                int set = from.Count();
                var names = new HashSet<string>(StringComparer.Ordinal);
                for (int left = from.Count(); left > 0; left--)
                    names.Add(from.Text());
                _endpoints[set] = names;
                break;
            case MessageKind.Block:
                (_blocks ??= new BlockDecisions(mark, _statics, _answers, _versions, _tables, _endpoints)).Decide(ref from);
                break;
            case MessageKind.Ping:
                Answer(MessageKind.Ping, (long)from.UInt());
                break;
            default:
                throw new InvalidDataException($"A message of kind {message[0]} is not known.");
        }
    }

    private void Decide(ref WireReader from)
    {
        long id = (long)from.UInt();
        int before = _answers.Length;
        try
        {
            int version = from.Count();
            if (!_versions.TryGetValue(version, out var logic))
                throw new InvalidOperationException($"The logic cannot be loaded. {_refused.GetValueOrDefault(version)}");
            var options = OptionsWire.Read(ref from, _tables, _endpoints);
            var request = RequestWire.Read(ref from);
            mark.Current = id;
            _statics.Begin();
            var result = Decider.Decide(logic, request, options);
            if (_statics.Any)
            {
                // What was answered before it counts.
                Flush();
                BrokenStatics.EndProcess();
            }

            int answer = _answers.BeginMessage(MessageKind.Decided);
            _answers.UInt((ulong)id);
            ResultWire.Write(_answers, result);
            _answers.EndMessage(answer);
        }
        catch (Exception e) when (e is not IOException)
        {
            // Not the logic's fault, which Decide tells.
            _answers.Truncate(before);
            Fail(id, e);
        }

        mark.Current = 0;
    }

    // Compiling runs on stacks of its own, static initializers run here: either may end the process, and the mark says with what.
    private void Compile(ref WireReader from)
    {
        long id = (long)from.UInt();
        int version = from.Count();
        bool isGuarded = from.Bool();
        var sources = LogicWire.ReadSources(ref from);
        mark.Current = -id;
        var check = LogicCompiler.Compile(sources, LogicCompiler.CompileLimit, CancellationToken.None, isGuarded);
        Keep(version, check);
        Loaded(id, check);
    }

    private void Load(ref WireReader from)
    {
        long id = (long)from.UInt();
        int version = from.Count();
        string hash = from.Text();
        var image = LogicWire.ReadImage(ref from);
        mark.Current = -id;
        var check = LogicCompiler.Load(new CompiledLogic(hash, [], image, loaded: null));
        Keep(version, check);
        // The parent has the image.
        Loaded(id, check with { Logic = null });
    }

    private void Keep(int version, LogicCheck check)
    {
        if (check.Logic is { } logic)
            _versions[version] = logic;
        else
            _refused[version] = string.Join(" ", check.Diagnostics);
    }

    private void Loaded(long id, LogicCheck check)
    {
        int answer = _answers.BeginMessage(MessageKind.Loaded);
        _answers.UInt((ulong)id);
        LogicWire.Write(_answers, check);
        _answers.EndMessage(answer);
        mark.Current = 0;
    }

    private void Fail(long id, Exception e)
    {
        int answer = _answers.BeginMessage(MessageKind.Failed);
        _answers.UInt((ulong)id);
        _answers.Text(e.Message);
        _answers.EndMessage(answer);
    }

    private void Answer(MessageKind kind, long id)
    {
        int answer = _answers.BeginMessage(kind);
        _answers.UInt((ulong)id);
        _answers.EndMessage(answer);
    }
}
