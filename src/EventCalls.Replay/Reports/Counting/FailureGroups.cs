using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Counting;

/// <summary>Sorts calls that gave no decision by why.</summary>
internal sealed class FailureGroups
{
    private const int Most = 500;

    private readonly Dictionary<(RoutingFailureCause Cause, string? Type, string? File, int? Line), Group> _errors = [];
    private readonly Dictionary<string, Group> _unrecorded = new(StringComparer.Ordinal);
    private long _omittedErrors;
    private long _omittedUnrecorded;

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

    public void AddUnrecorded(ReplayedCall call)
    {
        var what = ForeignText.Cut(call.Unrecorded ?? "something that was not recorded", 1000);
        if (!_unrecorded.TryGetValue(what, out var group))
        {
            if (_unrecorded.Count >= Most)
            {
                _omittedUnrecorded++;
                return;
            }
            _unrecorded.Add(what, group = new Group());
        }
        group.Add(call.Call.CallId);
    }

    public Listing<ErrorGroup> Errors() => new(
        [.. _errors.OrderByDescending(e => e.Value.Calls).ThenBy(e => $"{e.Key}", StringComparer.Ordinal)
            .Select(e => new ErrorGroup(e.Key.Cause, e.Key.Type, e.Key.File, e.Key.Line, e.Value.Message, e.Value.Calls, e.Value.Examples.Calls))],
        _omittedErrors);

    public Listing<UnrecordedGroup> Unrecorded() => new(
        [.. _unrecorded.OrderByDescending(u => u.Value.Calls).ThenBy(u => u.Key, StringComparer.Ordinal)
            .Select(u => new UnrecordedGroup(u.Key, u.Value.Calls, u.Value.Examples.Calls))],
        _omittedUnrecorded);

    public void Save(BinaryWriter writer)
    {
        writer.Write(_omittedErrors);
        writer.Write(_omittedUnrecorded);
        writer.Write(_errors.Count);
        foreach (var (key, group) in _errors)
        {
            writer.Write((int)key.Cause);
            writer.WriteText(key.Type);
            writer.WriteText(key.File);
            writer.Write(key.Line ?? -1);
            group.Save(writer);
        }
        writer.Write(_unrecorded.Count);
        foreach (var (what, group) in _unrecorded)
        {
            writer.Write(what);
            group.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        _errors.Clear();
        _unrecorded.Clear();
        (_omittedErrors, _omittedUnrecorded) = (reader.ReadInt64(), reader.ReadInt64());
        for (int left = reader.ReadCount(Most); left > 0; left--)
        {
            var (cause, type, file, line) = ((RoutingFailureCause)reader.ReadInt32(), reader.ReadText(), reader.ReadText(), reader.ReadInt32());
            _errors[(cause, type, file, line < 0 ? null : line)] = Group.Load(reader);
        }
        for (int left = reader.ReadCount(Most); left > 0; left--)
        {
            var what = reader.ReadString();
            _unrecorded[what] = Group.Load(reader);
        }
    }

    private static string? Cut(string? text) => text is null ? null : ForeignText.Cut(text);

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
