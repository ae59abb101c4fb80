using EventCalls.Contracts;
using EventCalls.Simulation.Network;
using EventCalls.Simulation.Peers;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Simulation.Forks;

/// <summary>Plays one call with the real call state machine, in virtual time: up to the fork as recorded, then as injected and as the candidate decides.</summary>
internal sealed partial class ForkPlay
{
    private const long LongestMs = 24 * 3600 * 1000L;
    private const long TalkMs = 30_000;
    private const long TakenOverMs = 20;
    private const long DecisionMs = 2;

    // Recorded times are rounded to whole milliseconds: what came just before the caller gave up has to come before it here too.
    private const long RoundingMs = 2;
    private const int MostSteps = 1_000_000;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualClock _clock;
    private readonly VirtualHosts _hosts = new();
    private readonly Recording _recording;
    private readonly ForkRouter _router;
    private readonly TelephonyOptions _options;
    private readonly int _at;
    private readonly int _played;
    private readonly Injection? _injection;
    private readonly IReadOnlyList<Outage> _outages;
    private readonly ForkJournal _journal;
    private readonly VirtualHost _nodeHost;
    private readonly DetachedNode _node;
    private readonly VirtualCaller _caller;
    private readonly Queue<Request> _requests = new();
    private readonly List<PeerStep> _owed = [];
    private readonly List<VirtualTarget> _targets = [];
    private readonly List<TransferStarted> _unknown = [];
    private readonly HashSet<RecordedAttempt> _used = [];
    private VirtualTarget? _target;
    private VirtualTarget? _talker;
    private TransferStarted? _attempt;
    private PeerPlan _plan = new();
    private long _attemptAt;
    private int _planNumber;
    private int _endNumber;
    private Action? _dueEnd;
    private int _requested;
    private int _decisions;
    private bool _isUnderWay;
    private bool _isAccepted;
    private bool _isConnected;
    private bool _isLeft;
    private bool _isAssumed;
    private bool _isForked;
    private bool _isInjected;
    private bool _isOver;

    /// <summary>A play that has not begun.</summary>
    public ForkPlay(Recording recording, int at, Injection? injection, ForkRouter router, TelephonyOptions options, IReadOnlyList<Outage> outages)
    {
        _outages = outages;
        _recording = recording;
        _at = at;
        _played = recording.Events.Take(at).Count(EventSignature.IsPlayed);
        _injection = injection;
        _isInjected = injection is null;
        _router = router;
        _options = options;
        _clock = new VirtualClock(_network, recording.Started.OccurredAt);
        _journal = new ForkJournal(OnAppended, OnReroute);
        var caller = ForkOptions.CallerOf(recording.Started);
        _nodeHost = _network.AddHost(ForkOptions.NodeFor(caller));
        _nodeHost.Spared = caller;
        _node = new DetachedNode(options, _journal, _journal, _clock, _nodeHost, _network.Work, _network.Now, _network.NextRandom(), NullLogger.Instance, recording.Started.Identity);
        _nodeHost.Agent = _node.Agent;
        _caller = new VirtualCaller(_network, caller, recording.Started, PayOwed);
        _network.OnUnknown = endPoint => _targets.Add(new VirtualTarget(_network, endPoint, OnDialled) { Host = { IsDeaf = _plan.IsDeaf } });
        _hosts.Add(options);
    }

    private bool IsPending => _injection is not null && !_isInjected;

    /// <summary>Plays to the end of the call.</summary>
    /// <exception cref="InvalidOperationException">The call does not end.</exception>
    public async Task<ForkResult> RunAsync(CancellationToken ct)
    {
        _caller.Call(_nodeHost.EndPoint);
        if (_recording.PatienceMs is { } patience)
            _network.At(patience + RoundingMs, GiveUp);
        foreach (var handoff in _recording.ApiHandoffs)
            _network.At(_recording.Since(handoff.OccurredAt), () => Deliver([handoff]));
        foreach (var (at, command) in _recording.Commands)
            _network.At(_recording.Since(at), () => Give(command));
        foreach (var refer in _recording.Refers)
            _network.At(_recording.Since(refer.OccurredAt), () => Refer(refer));
        for (int step = 0; !_isOver; step++)
        {
            ct.ThrowIfCancellationRequested();
            if (step > MostSteps)
                throw new InvalidOperationException("The played call does not come to an end.");
            if (_requests.TryDequeue(out var request))
                await DecideAsync(request, ct).ConfigureAwait(false);
            else if (!Step())
                throw new InvalidOperationException("The played call waits for something that never comes.");
        }
        return Result();
    }

    private bool Step()
    {
        // What the node knows of names it forgets after a while, as it does outside.
        _hosts.TellTo(_node);
        return _network.Step(LongestMs);
    }

    private ForkResult Result()
    {
        CallEvent[] played = [.. _journal.Events.Select(e => e with { CallId = _recording.Started.CallId })];
        string? mismatch = MismatchOf(played);
        return new ForkResult
        {
            Recording = _recording,
            At = _at,
            Events = mismatch is null ? ForkedStream.Of(_recording.Events, _at, played, _played) : [_recording.Started, .. played.Skip(1)],
            Injection = _injection,
            IsInjected = _isInjected,
            Mismatch = mismatch,
            Candidate = _router.Logic?.Version ?? LogicVersionName.None,
            Decisions = _decisions,
            Unknown = _unknown,
        };
    }

    private string? MismatchOf(CallEvent[] events)
    {
        var recorded = _recording.Events.Take(_at).Where(EventSignature.IsPlayed).Select(EventSignature.Of).ToList();
        for (int i = 0; i < recorded.Count; i++)
        {
            string played = i < events.Length ? EventSignature.Of(events[i]) : "nothing";
            if (played != recorded[i])
                return $"event {i + 1} is '{recorded[i]}' in the record, and '{played}' when it is played";
        }
        return null;
    }

    private void OnAppended(CallEvent e)
    {
        bool reaches = _journal.Events.Count == _played;
        _isForked |= reaches;
        switch (e)
        {
            case CallStarted:
                Ask(null);
                break;
            case TransferStarted started:
                Begin(started);
                break;
            case TransferProgressed progressed when progressed.Source == "notify" || progressed.Status is >= 200 and < 300:
                _isAccepted = true;
                break;
            case TransferCompleted completed:
                _isUnderWay = false;
                Succeed(completed);
                break;
            case TransferFailed failed when !failed.Evidence.IsRefusal():
                _isUnderWay = false;
                if (_dueEnd is { } due)
                    _network.At(_network.Now, due);
                _dueEnd = null;
                break;
            case CallEnded:
                _isOver = true;
                break;
        }
        if (reaches)
            _network.At(_network.Now, Fork);
    }

    /// <summary>Whoever had asked for another by REFER asks for it again, as long as it is still connected.</summary>
    private void Refer(ReferReceived refer)
    {
        if (refer.Leg == "caller")
            _caller.Refer(refer);
        else
            _talker?.Refer(refer);
    }

    /// <summary>Whoever gave a command gives it again; it is taken if the call is as it was.</summary>
    private void Give(CallCommand command)
    {
        foreach (var handoff in _recording.Events.OfType<HandoffRequested>())
        {
            if (handoff.RequestedBy == Requester.Api)
                _hosts.Add(handoff);
        }
        _node.Take(command with { CallId = _journal.Events[0].CallId }, static _ => { });
    }

    private void OnReroute(RerouteCall reroute) => Ask(reroute);

    /// <summary>The fork is reached: what is injected happens now, or to the next thing it fits.</summary>
    private void Fork()
    {
        if (!IsPending || _isOver)
            return;
        switch (_injection!.Kind)
        {
            case InjectionKind.HangUp:
                _isInjected = true;
                _caller.HangUp(null);
                break;
            case InjectionKind.TargetHangUp when _isConnected:
                _isInjected = true;
                _talker?.HangUp();
                break;
            default:
                if (_isUnderWay && _attempt is { } attempt && _injection.Fits(attempt.Method))
                {
                    _isInjected = true;
                    Use(PeerPlans.Injected(_injection, attempt.Method, _network.Now - _attemptAt, _isAccepted));
                }
                break;
        }
    }

    private void Begin(TransferStarted started)
    {
        _attempt = started;
        _attemptAt = _network.Now;
        _isUnderWay = true;
        _isAccepted = false;
        if (started.Method == HandoffMethod.Invite)
            _target = null;
        if (_isForked && IsPending && _injection!.Fits(started.Method))
        {
            _isInjected = true;
            Use(PeerPlans.Injected(_injection, started.Method, 0, isAccepted: false));
            return;
        }
        if (_outages.FirstOrDefault(outage => outage.Fits(started)) is { } outage)
        {
            Use(PeerPlans.Injected(outage.Injection, started.Method, 0, isAccepted: false));
            return;
        }
        if (RecordedOf(started) is { } recorded)
        {
            Use(PeerPlans.Recorded(recorded, _options.NotifyGraceMs));
            return;
        }
        Use(PeerPlans.Default(started.Method));
        _isAssumed = true;
    }

    /// <summary>The recorded attempt of the same kind to the same target: the next one of several, and the last one again when there are no more.</summary>
    private RecordedAttempt? RecordedOf(TransferStarted started)
    {
        var key = RecordedAttempt.KeyOf(started);
        var same = _recording.Attempts.Where(a => a.Key == key).ToList();
        if (same.Count == 0)
        {
            // What was dialled with its parameters left out is the same target.
            key.Target = RecordedAttempt.WithoutParameters(key.Target);
            same = _recording.Attempts.Where(a => (a.Key with { Target = RecordedAttempt.WithoutParameters(a.Key.Target) }) == key).ToList();
        }
        var next = same.Find(a => !_used.Contains(a)) ?? same.LastOrDefault();
        if (next is not null)
            _used.Add(next);
        return next;
    }

    private void Use(PeerPlan plan)
    {
        _plan = plan;
        _isAssumed = false;
        _owed.Clear();
        int number = ++_planNumber;
        _nodeHost.IsCutOff = plan.IsUnreachable;
        _caller.Media = plan.Media;
        foreach (var target in _targets)
            target.Host.IsDeaf = plan.IsDeaf;
        foreach (var step in plan.Steps)
        {
            _network.At(_attemptAt + step.AtMs, () =>
            {
                if (number == _planNumber)
                    Do(step);
            });
        }
    }

    private void Do(PeerStep step)
    {
        // Steps keep their order: what comes while one waits for its request waits too.
        if (_owed.Count > 0 || !TryDo(step))
            _owed.Add(step);
    }

    private bool TryDo(PeerStep step)
    {
        if (_attempt?.Method == HandoffMethod.Refer)
            return _caller.Do(step);
        if (_target is not { } target)
            return false;
        target.Do(step);
        return true;
    }

    /// <summary>The other side was reached: what waited for that is done.</summary>
    private void PayOwed()
    {
        if (_isAssumed)
            _unknown.Add(_attempt!);
        _isAssumed = false;
        int paid = 0;
        while (paid < _owed.Count && TryDo(_owed[paid]))
            paid++;
        _owed.RemoveRange(0, paid);
    }

    private void OnDialled(VirtualTarget target)
    {
        _target = target;
        PayOwed();
    }

    private void Succeed(TransferCompleted completed)
    {
        if (completed.Method == HandoffMethod.Invite)
            Connect();
        else if (completed.Method == HandoffMethod.Refer)
            Leave();
    }

    /// <summary>The caller is connected: whoever hung up then does so after as long a talk.</summary>
    private void Connect()
    {
        _isConnected = true;
        _talker = _target;
        if (IsPending && _isForked && _injection!.Kind == InjectionKind.TargetHangUp)
        {
            _isInjected = true;
            HangUpAfter(1, CallParty.Target, null);
            return;
        }
        var ended = _recording.Ended;
        if (_plan.Recorded?.HeldMs is { } held && ended is not null && ended.EndedBy != CallParty.Api)
            HangUpAfter(held, ended.EndedBy, ended.Reason);
        else
            HangUpAfter(Math.Max(_recording.Attempts is [.., { HeldMs: { } talk, Started.Method: HandoffMethod.Invite }] ? talk : TalkMs, UntilLastHandoffMs()), CallParty.Caller, null);
    }

    /// <summary>How long the two have to talk so that a handoff in mid-call, as recorded, still comes upon them.</summary>
    private long UntilLastHandoffMs()
    {
        long last = _recording.Refers.Select(r => r.OccurredAt).Concat(_recording.ApiHandoffs.Select(h => h.OccurredAt)).Concat(_recording.Commands.Select(c => c.At)).Select(_recording.Since).DefaultIfEmpty().Max();
        return last > _network.Now ? last - _network.Now + TalkMs : 0;
    }

    /// <summary>The other side has taken the call over: it hangs up, or leaves that to us.</summary>
    private void Leave()
    {
        _isLeft = true;
        _endNumber++;
        if (_plan.Recorded?.HeldMs is not { } held || _recording.Ended is not { } ended)
            HangUpAfter(TakenOverMs, CallParty.Caller, null);
        else if (ended.EndedBy == CallParty.Caller)
            HangUpAfter(held, CallParty.Caller, ended.Reason);
    }

    private void HangUpAfter(long milliseconds, CallParty party, string? reason)
    {
        int number = ++_endNumber;
        var target = _target;
        _network.At(_network.Now + milliseconds, End);

        void End()
        {
            // A handoff that has succeeded since then has made another end; one that failed left the two talking.
            if (number != _endNumber)
                return;
            // One that is not of the record is waited for.
            if (_isUnderWay && _plan.Recorded is null)
                _dueEnd = End;
            else if (party == CallParty.Target)
                target?.HangUp();
            else
                _caller.HangUp(reason);
        }
    }

    private void GiveUp()
    {
        if (!_isConnected && !_isLeft)
            _caller.HangUp(_recording.Ended?.Reason);
    }
}
