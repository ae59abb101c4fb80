using EventCalls.Contracts;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>All targets by name, at most so many; finds one it knows without making its name.</summary>
internal sealed class TargetTable(int mostTargets)
{
    /// <summary>The name of the targets that came when the table was full, taken together.</summary>
    public const string FurtherName = "(further targets)";

    private readonly Dictionary<Handoff, Target> _bySteps = new(SameTarget.Comparer);
    private readonly Dictionary<string, Target> _byName = new(StringComparer.Ordinal);
    private readonly List<Target> _targets = [];

    /// <summary>Stands for all targets that did not fit; nothing is known about any of them.</summary>
    public Target Further { get; } = new(-1, FurtherName, HandoffMethod.Invite);

    /// <summary>Stands for a handoff without steps.</summary>
    public Target None { get; } = new(-2, "(none)", HandoffMethod.Bye);

    /// <summary>The target of a step of a handoff.</summary>
    public Target Of(Handoff step)
    {
        if (_bySteps.TryGetValue(step, out var target))
            return target;
        var name = ForeignText.Cut(HandoffWords.Of(step));
        if (!_byName.TryGetValue(name, out target))
        {
            if (_targets.Count >= mostTargets)
                return Further;
            target = new Target(_targets.Count, name, step.Method);
            _targets.Add(target);
            _byName.Add(name, target);
        }
        if (_bySteps.Count < mostTargets)
            _bySteps.Add(SameTarget.Only(step), target);
        return target;
    }

    /// <summary>The target with a number, as <see cref="Target.Id"/> gives it.</summary>
    public Target this[int id] => id == -2 ? None : id < 0 ? Further : id < _targets.Count ? _targets[id] : throw new InvalidDataException("The saved report is damaged: it names a target that is not in it.");

    public void Save(BinaryWriter writer)
    {
        writer.Write(_targets.Count);
        foreach (var target in _targets)
            target.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        _bySteps.Clear();
        _byName.Clear();
        _targets.Clear();
        int count = reader.ReadCount(mostTargets);
        for (int id = 0; id < count; id++)
        {
            var target = Target.Load(id, reader);
            _targets.Add(target);
            _byName[target.Name] = target;
        }
    }
}
