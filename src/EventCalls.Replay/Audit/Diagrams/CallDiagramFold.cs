using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Audit.Diagrams;

/// <summary>Folds a stream into its picture: the ladder says which messages there were, and this whose they were.</summary>
internal sealed class CallDiagramFold
{
    private readonly Ladder _ladder = new();
    private readonly List<Column> _columns = [];
    private readonly List<(DiagramRow Row, List<Sent> Sent)> _rows = [];
    private readonly Dictionary<(Guid Handoff, int Attempt), Column> _attempts = [];
    private readonly Column _caller;
    private readonly Column _node;
    private Column? _target;

    public CallDiagramFold()
    {
        _caller = new Column(DiagramRole.Caller);
        _node = new Column(DiagramRole.EventCalls);
        _columns.AddRange([_caller, _node]);
    }

    public void Add(StoredEvent stored)
    {
        var step = _ladder.Next(stored.Type, stored.Data);
        var sent = new List<Sent>();
        if (Read(stored) is { } e)
            Take(e, sent);
        // The end of a call that has somebody on the other side; without one there is nobody to draw it to. What a target says comes before what the caller hears of it.
        var target = _target is null ? null : step.Target;
        if (target is { ToTheRight: false })
            Sip(target, _node, _target!, sent);
        Sip(step.Caller, _caller, _node, sent);
        Sip(step.CallerThen, _caller, _node, sent);
        if (target is { ToTheRight: true })
            Sip(target, _node, _target!, sent);
        foreach (var (from, to, _, _) in sent)
        {
            from.ShowsAt(_rows.Count);
            to.ShowsAt(_rows.Count);
        }
        _rows.Add((new DiagramRow { Event = stored.Version, Type = stored.Type, At = stored.OccurredAt, Arrows = [], Words = step.Words, Tone = step.Tone }, sent));
    }

    public CallDiagram ToDiagram()
    {
        _caller.ShowsAt(0);
        _node.ShowsAt(0);
        // No event says that the logic was told of the call; that it decided does.
        if (_columns.Find(c => c.Role == DiagramRole.Logic) is { Name: not LogicVersionName.None } logic)
        {
            _rows[0].Sent.Add(new Sent(_node, logic, "CallStarted", false));
            logic.ShowsAt(0);
        }
        // From left to right as the roles stand, and targets as they were tried.
        Column[] columns = [.. _columns.Where(c => c.FirstRow is not null).OrderBy(c => c.Role)];
        var places = columns.Index().ToDictionary(c => c.Item, c => c.Index);
        return new CallDiagram(
            [.. columns.Select(c => new DiagramParty(c.Role, c.Name, c.FirstRow!.Value))],
            [.. _rows.Select(r => r.Row with { Arrows = [.. r.Sent.Select(s => new DiagramArrow(places[s.From], places[s.To], s.Label, s.IsSip))] })]);
    }

    private static CallEvent? Read(StoredEvent stored)
    {
        try
        {
            return CallEventCodec.Read(stored.Type, stored.Data.Span);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            // The ladder's words say so.
            return null;
        }
    }

    private static void Sip(LadderArrow? arrow, Column left, Column right, List<Sent> sent)
    {
        if (arrow is not null)
            sent.Add(arrow.ToTheRight ? new Sent(left, right, arrow.Label, true) : new Sent(right, left, arrow.Label, true));
    }

    private void Take(CallEvent e, List<Sent> sent)
    {
        switch (e)
        {
            case CallStarted started:
                _caller.Name = PlainText.Of(started.CallerNumber.Length > 0 ? started.CallerNumber : "anonymous");
                _node.Name = PlainText.Of(started.Node);
                break;
            case FlowSelected selected:
                Tell(Logic(selected.LogicVersion), $"flow {PlainText.Of(selected.Flow)}", sent);
                break;
            case RoutingFailed failed:
                Tell(Logic(failed.LogicVersion), $"failed: {WireName.Of(failed.Cause)}", sent);
                break;
            case HandoffRequested handoff:
                Asked(handoff, sent);
                break;
            case TransferStarted { Method: HandoffMethod.Invite } started:
                _target = _attempts[(started.HandoffId, started.Attempt)] = Target(started.Target);
                break;
            case TransferProgressed progressed:
                Heard(progressed.HandoffId, progressed.Attempt);
                break;
            case TransferFailed failed:
                Heard(failed.HandoffId, failed.Attempt);
                break;
            case TransferCompleted completed:
                Heard(completed.HandoffId, completed.Attempt);
                break;
        }
    }

    private void Asked(HandoffRequested handoff, List<Sent> sent)
    {
        string label = $"handoff: {string.Join(", ", handoff.Steps.Select(step => WireName.Of(step.Method)))}";
        var by = handoff.RequestedBy switch
        {
            Requester.Router => _columns.Find(c => c.Role == DiagramRole.Logic),
            Requester.Api => Of(DiagramRole.Api, "API"),
            _ => null,
        };
        if (by is not null)
            Tell(by, label, sent);
    }

    private void Tell(Column by, string label, List<Sent> sent) => sent.Add(new Sent(by, _node, label, false));

    // A target that was tried before the present one can be heard late.
    private void Heard(Guid handoff, int attempt) => _target = _attempts.GetValueOrDefault((handoff, attempt), _target!);

    private Column Logic(string version) => Of(DiagramRole.Logic, PlainText.Of(LogicVersionName.Short(version)));

    private Column Target(string uri) => _columns.Find(c => c.Role == DiagramRole.Target && c.Name == PlainText.Of(uri)) ?? Added(DiagramRole.Target, PlainText.Of(uri));

    private Column Of(DiagramRole role, string name) => _columns.Find(c => c.Role == role) ?? Added(role, name);

    private Column Added(DiagramRole role, string name)
    {
        var column = new Column(role) { Name = name };
        _columns.Add(column);
        return column;
    }

    private sealed class Column(DiagramRole role)
    {
        public DiagramRole Role { get; } = role;

        public string Name { get; set; } = "";

        public int? FirstRow { get; private set; }

        public void ShowsAt(int row) => FirstRow = Math.Min(FirstRow ?? row, row);
    }

    private sealed record Sent(Column From, Column To, string Label, bool IsSip);
}
