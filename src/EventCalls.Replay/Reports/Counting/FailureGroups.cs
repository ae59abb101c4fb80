using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Counting;

/// <summary>Sorts calls that gave no decision by why.</summary>
internal sealed class FailureGroups
{
    private const int Most = 500;

    private readonly Dictionary<(RoutingFailureCause Cause, string? Type, string? File, int? Line), Group> _errors = [];
    private readonly Reasons _unrecorded = new();
    private readonly Reasons _nondeterministic = new();
    private long _omittedErrors;

    public void AddError(ReplayedCall call)
    {
        var error = call.Error ?? new ReplayError(RoutingFailureCause.NoDecision, "The candidate gave no decision.");
        var key = (error.Cause, Cut(error.ExceptionType), Cut(error.File), error.Line);
        if (!_errors.TryGetValue(key, out var group))
        {
            if (_errors.Count >= Most)
            {
                _omittedErrors++;
                return;
            }
            _errors.Add(key, group = new Group { Message = ForeignText.Cut(error.Message, 1000) });
        }
        group.Add(call.Call.CallId);
    }

    public void AddUnrecorded(ReplayedCall call) => _unrecorded.Add(call, "something that was not recorded");

    public void AddNondeterministic(ReplayedCall call) => _nondeterministic.Add(call, "the decision came out otherwise");

    public Listing<ErrorGroup> Errors() => new(
        [.. _errors.OrderByDescending(e => e.Value.Calls).ThenBy(e => $"{e.Key}", StringComparer.Ordinal)
            .Select(e => new ErrorGroup(e.Key.Cause, e.Key.Type, e.Key.File, e.Key.Line, e.Value.Message, e.Value.Calls, e.Value.Examples.Calls))],
        _omittedErrors);

    public Listing<NondeterministicGroup> Nondeterministic() => _nondeterministic.Record((what, calls, examples) => new NondeterministicGroup(what, calls, examples));

    public Listing<UnrecordedGroup> Unrecorded() => _unrecorded.Record((what, calls, examples) => new UnrecordedGroup(what, calls, examples));

    public void Save(BinaryWriter writer)
    {
        writer.Write(_omittedErrors);
        writer.Write(_errors.Count);
        foreach (var (key, group) in _errors)
        {
            writer.Write((int)key.Cause);
            writer.WriteText(key.Type);
            writer.WriteText(key.File);
            writer.Write(key.Line ?? -1);
            group.Save(writer);
        }
        _unrecorded.Save(writer);
        _nondeterministic.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        _errors.Clear();
        _omittedErrors = reader.ReadInt64();
        for (int left = reader.ReadCount(Most); left > 0; left--)
        {
            var (cause, type, file, line) = ((RoutingFailureCause)reader.ReadInt32(), reader.ReadText(), reader.ReadText(), reader.ReadInt32());
            _errors[(cause, type, file, line < 0 ? null : line)] = Group.Load(reader);
        }
        _unrecorded.Load(reader);
        _nondeterministic.Load(reader);
    }

    private static string? Cut(string? text) => text is null ? null : ForeignText.Cut(text);

    /// <summary>Calls by a reason in words.</summary>
    private sealed class Reasons
    {
        private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
        private long _omitted;

        public void Add(ReplayedCall call, string otherwise)
        {
            var what = ForeignText.Cut(call.Unrecorded ?? otherwise, 1000);
            if (!_groups.TryGetValue(what, out var group))
            {
                if (_groups.Count >= Most)
                {
                    _omitted++;
                    return;
                }
                _groups.Add(what, group = new Group());
            }
            group.Add(call.Call.CallId);
        }

        public Listing<T> Record<T>(Func<string, long, IReadOnlyList<Guid>, T> make) => new(
            [.. _groups.OrderByDescending(g => g.Value.Calls).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => make(g.Key, g.Value.Calls, g.Value.Examples.Calls))],
            _omitted);

        public void Save(BinaryWriter writer)
        {
            writer.Write(_omitted);
            writer.Write(_groups.Count);
            foreach (var (what, group) in _groups)
            {
                writer.Write(what);
                group.Save(writer);
            }
        }

        public void Load(BinaryReader reader)
        {
            _groups.Clear();
            _omitted = reader.ReadInt64();
            for (int left = reader.ReadCount(Most); left > 0; left--)
            {
                var what = reader.ReadString();
                _groups[what] = Group.Load(reader);
            }
        }
    }

    private sealed class Group
    {
        public string Message { get; init; } = "";

        public long Calls { get; private set; }

        public Examples Examples { get; } = new();

        public void Add(Guid call)
        {
            Calls++;
            Examples.Add(call);
        }

        public void Save(BinaryWriter writer)
        {
            writer.Write(Message);
            writer.Write(Calls);
            Examples.Save(writer);
        }

        public static Group Load(BinaryReader reader)
        {
            var group = new Group { Message = reader.ReadString(), Calls = reader.ReadInt64() };
            group.Examples.Load(reader);
            return group;
        }
    }
}
