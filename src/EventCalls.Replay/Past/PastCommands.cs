using EventCalls.Contracts;

namespace EventCalls.Replay.Past;

/// <summary>The commands of a past call, as far as decisions rest on them: which flow was asked for, and what was changed in the state.</summary>
/// <remarks>Made for the first of them: a call without commands has none.</remarks>
internal sealed class PastCommands
{
    private readonly List<CommandTaken> _taken = [];
    private readonly List<(int At, StateChanged Changed)> _changes = [];
    private readonly Dictionary<Guid, int> _asked = [];

    // What asked before the first command stands at 0.
    private int _position = 1;

    /// <summary>Counts an event; what may ask for a decision is found again. All that came before the first command stands before it.</summary>
    public void OnEvent(CallEvent e)
    {
        _position++;
        if (e is TransferFailed or ReferReceived)
            _asked[e.EventId] = _position;
    }

    /// <summary>Takes a command, or a change of the state.</summary>
    public void Add(CallEvent e)
    {
        if (e is StateChanged changed)
        {
            _changes.Add((_position, changed));
            return;
        }
        _taken.Add((CommandTaken)e);
        _asked[e.EventId] = _position;
    }

    /// <summary>The command of that event that asks for a decision; null when there is none.</summary>
    public CommandTaken? Find(Guid eventId) => _taken.Find(c => c.EventId == eventId && c.Flow is not null);

    /// <summary>Puts the decisions into the order in which they were asked for, and gives each the changes that it began with.</summary>
    public void PutIn(List<PastDecision> decisions)
    {
        // An overtaken decision may be recorded behind the one that overtook it.
        var ordered = decisions.Select((decision, index) => (decision, index)).OrderBy(x => AskedAt(x.decision)).ThenBy(x => x.index).Select(x => x.decision).ToList();
        decisions.Clear();
        decisions.AddRange(ordered);
        for (int i = 0; i < decisions.Count; i++)
        {
            var decision = decisions[i];
            int from = Before(decisions, i) is { } before ? AskedAt(before) : -1;
            int to = AskedAt(decision);
            decision.Changes = [.. _changes.Where(c => (c.At > from && c.At < to) || c.Changed.CausationId == decision.CauseId).Select(c => c.Changed)];
        }
    }

    /// <summary>The decision that another one goes on from; null when there is none.</summary>
    public static PastDecision? Before(IReadOnlyList<PastDecision> decisions, int index)
    {
        if (decisions[index].Command is { } command)
            return command.After is { } after ? decisions.FirstOrDefault(d => d.Selected?.EventId == after) : null;
        for (int i = index - 1; i >= 0; i--)
        {
            if (decisions[i] is { Selected: not null, IsRefused: false })
                return decisions[i];
        }
        return null;
    }

    private int AskedAt(PastDecision decision) => decision.CauseId is { } id ? _asked.GetValueOrDefault(id) : -1;
}
