using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>What makes two changed calls be of the same group.</summary>
internal readonly record struct GroupKey(int Retry, string FromFlow, string ToFlow, string? FromTarget, string? ToTarget, string Fields)
{
    public string Name => string.Join('\n', Retry, FromFlow, ToFlow, FromTarget, ToTarget, Fields);
}

/// <summary>Gathers the calls that changed alike.</summary>
internal sealed class ChangedGroup(GroupKey key, int sampleSize)
{
    private const int MostFields = 64;
    private const int MostValueChanges = 64;
    private const int MostPlaces = 16;
    private const int MostShownValue = 80;

    private readonly Tally<string> _fields = new(MostFields);
    private readonly Tally<(string Field, string? Was, string? Now)> _values = new(MostValueChanges);
    private readonly Tally<(string Was, string Now)> _places = new(MostPlaces);
    private readonly Examples _examples = new();

    public GroupKey Key => key;

    /// <summary>The calls of the group that are kept to be compared.</summary>
    public CallSample Sample { get; } = new(sampleSize);

    public long Calls => Sample.Offered;

    public void AddExample(ReplayedCall call, int index)
    {
        var decision = call.Decisions[index];
        _places.Add((ForeignText.Cut(decision.Was.DecidedBy), ForeignText.Cut(decision.Now?.DecidedBy ?? "")));
        _examples.Add(call.Call.CallId);
        foreach (var change in call.Changes)
        {
            _fields.Add(ForeignText.Cut(change.Field));
            _values.Add((ForeignText.Cut(change.Field), Shown(change.Was), Shown(change.Now)));
        }
    }

    /// <summary>The group, or several that are put together because they have the same cause.</summary>
    public static ChangeGroup Record(IReadOnlyList<ChangedGroup> parts, ComparedCalls compared, in CauseSearch.Result search)
    {
        var first = parts[0].Key;
        var fields = new Tally<string>(MostFields);
        var values = new Tally<(string Field, string? Was, string? Now)>(MostValueChanges);
        var places = new Tally<(string Was, string Now)>(MostPlaces);
        foreach (var part in parts)
        {
            places.Add(part._places);
            fields.Add(part._fields);
            values.Add(part._values);
        }
        return new ChangeGroup
        {
            Retry = first.Retry,
            FromFlows = [.. parts.Select(p => p.Key.FromFlow)],
            ToFlow = first.FromFlow == first.ToFlow ? null : first.ToFlow,
            FromTarget = first.FromTarget,
            ToTarget = first.ToTarget,
            ChangedFields = first.Fields,
            Calls = compared.ChangedTotal,
            Others = compared.OthersTotal,
            Unchanged = compared.Unchanged,
            Finding = search.Finding,
            Causes = search.Causes,
            Unexplained = search.Unexplained,
            SampledCalls = compared.Changed,
            SampledOthers = compared.Others,
            Fields = fields.Sorted(f => f, (field, calls) => new FieldCount(field, calls)),
            Values = values.Sorted(v => $"{v.Field}\n{v.Was}\n{v.Now}", (v, calls) => new ValueChange(v.Field, v.Was, v.Now, calls)),
            Places = places.Sorted(p => $"{p.Now}\n{p.Was}", (p, calls) => new DecidedAt(p.Was, p.Now, calls)).Items,
            Examples = Examples.OneOfEach(parts.Select(p => p._examples)),
        };
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(key.Retry);
        writer.Write(key.FromFlow);
        writer.Write(key.ToFlow);
        writer.WriteText(key.FromTarget);
        writer.WriteText(key.ToTarget);
        writer.Write(key.Fields);
        writer.Write(sampleSize);
        Sample.Save(writer);
        _fields.Save(writer, (w, field) => w.Write(field));
        _values.Save(writer, (w, v) =>
        {
            w.Write(v.Field);
            w.WriteText(v.Was);
            w.WriteText(v.Now);
        });
        _places.Save(writer, (w, p) =>
        {
            w.Write(p.Was);
            w.Write(p.Now);
        });
        _examples.Save(writer);
    }

    public static ChangedGroup Load(BinaryReader reader, TextPool pool, int mostSampled)
    {
        var key = new GroupKey(reader.ReadInt32(), reader.ReadString(), reader.ReadString(), reader.ReadText(), reader.ReadText(), reader.ReadString());
        var group = new ChangedGroup(key, reader.ReadCount(mostSampled));
        group.Sample.Load(reader, pool);
        group._fields.Load(reader, r => r.ReadString());
        group._values.Load(reader, r => (r.ReadString(), r.ReadText(), r.ReadText()));
        group._places.Load(reader, r => (r.ReadString(), r.ReadString()));
        group._examples.Load(reader);
        return group;
    }

    private static string? Shown(string? value) => value is null ? null : ForeignText.Cut(value, MostShownValue);
}
