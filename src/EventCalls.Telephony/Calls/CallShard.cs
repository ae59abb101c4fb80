using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Extensions.Replaces;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using EventCalls.Telephony.Trust;
using EventCalls.Telephony.Trust.Signatures;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <summary>The calls of one shard: admits INVITEs, makes calls of them, and gives handoffs to the calls they are for.</summary>
/// <remarks>Everything here happens on the shard's thread, but for what says that any thread may call it.</remarks>
internal sealed class CallShard : IUserAgentHandler
{
    private readonly HeaderLine[] _retryAfter;
    private readonly Func<int> _openCalls;
    private readonly RefusalLog _refusals;
    private readonly AdmissionControl _admission;
    private readonly ICallerCheck? _callers;

    public CallShard(
        TelephonyOptions options,
        TrunkTable trunks,
        ICallJournal journal,
        INodeMessages messages,
        Func<Call, HandoffRun, TransferAttempt> attemptOf,
        TimeProvider time,
        ILogger logger,
        int number = 0,
        Func<int>? openCalls = null,
        RefusalLog? refusals = null,
        ServerChoice? servers = null,
        AdmissionControl? admission = null,
        ICallerCheck? callers = null)
    {
        Servers = servers ?? new ServerChoice(time);
        Options = options;
        Trunks = trunks;
        Targets = new DialTargets(DialTargets.Key, options.Targets, trunks);
        ReferTargets = options.ReferTargets is { } named ? new DialTargets(DialTargets.ReferKey, named, trunks) : null;
        Recorders = [.. options.Media.Siprec.Select(uri => InviteTarget.OfRecorder(uri, out string? whyNot) ?? throw new TelephonyOptionsException("Media:Siprec", uri, whyNot!))];
        Journal = journal;
        Messages = messages;
        AttemptOf = attemptOf;
        Time = time;
        Logger = logger;
        Number = number;
        // From then on every call would be asked about twice.
        RecordingDelay = new RecordingDelay(TimeSpan.FromMilliseconds(options.AskAgainMs ?? options.DeadlineMs * 3 / 4), time);
        _refusals = refusals ?? new RefusalLog(logger, time);
        _admission = admission ?? new AdmissionControl(options, trunks, new RefusalReport(_refusals, logger, time), time);
        _callers = callers;
        _openCalls = openCalls ?? (() => Calls.Count);
        _retryAfter = [new HeaderLine("Retry-After", options.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The extensions of SIP that calls have.</summary>
    public static IReadOnlyList<SipExtension> Extensions { get; } = [ReferExtension.Taken, ReplacesExtension.Taken, SessionTimerExtension.Taken, ReliableExtension.Taken];

    /// <summary>What the node is configured with.</summary>
    public TelephonyOptions Options { get; }

    /// <summary>The trunks.</summary>
    public TrunkTable Trunks { get; }

    /// <summary>The hosts that may be dialled.</summary>
    public DialTargets Targets { get; }

    /// <summary>The hosts that others may be asked to dial; null for any.</summary>
    public DialTargets? ReferTargets { get; }

    /// <summary>Where events go.</summary>
    public ICallJournal Journal { get; }

    /// <summary>What is sent over the bus besides.</summary>
    public INodeMessages Messages { get; }

    /// <summary>Makes the attempt that carries out the present step of a handoff: a call knows what an attempt is, and not which there are.</summary>
    public Func<Call, HandoffRun, TransferAttempt> AttemptOf { get; }

    /// <summary>The clock of the events.</summary>
    public TimeProvider Time { get; }

    /// <summary>How long the first events of calls wait until they are recorded.</summary>
    public RecordingDelay RecordingDelay { get; }

    /// <summary>The log.</summary>
    public ILogger Logger { get; }

    /// <summary>The shard's number, 0–255.</summary>
    public int Number { get; }

    /// <summary>The open calls.</summary>
    public CallTable Calls { get; } = new();

    /// <summary>The commands of the calls that ended last.</summary>
    public EndedCommands EndedCommands { get; } = new();

    /// <summary>The protocol core.</summary>
    public UserAgent Agent { get; private set; } = null!;

    /// <summary>Where messages leave.</summary>
    public ISipOutput Output { get; private set; } = null!;

    /// <summary>Hands work to the shard's thread, from any thread.</summary>
    public Action<ShardWork> Post { get; private set; } = null!;

    /// <summary>In which order servers are tried; one for all shards.</summary>
    public ServerChoice Servers { get; }

    /// <summary>Writes recordings; null where none are made.</summary>
    public MediaRecorder? Recorder { get; init; }

    /// <summary>Who records calls outside, in the order in which they are asked; none where recordings are our own.</summary>
    public IReadOnlyList<InviteTarget> Recorders { get; }

    /// <summary>What callers hear who are connected to nobody.</summary>
    public Sound HoldSound { get; init; } = Sound.Silence;

    /// <summary>What both sides hear when their recording begins; null for nothing.</summary>
    public Sound? Announcement { get; init; }

    /// <summary>Moves the media of calls; null where none can be anchored.</summary>
    public MediaRelay? Media { get; init; }

    /// <summary>The engines through which media may go instead; null for none.</summary>
    public Rtpengines? Engines { get; init; }

    /// <summary>Finds the servers of host names.</summary>
    public HostResolver Resolver { get; private set; } = null!;

    /// <summary>Whether new calls are refused because the node stops; set from any thread.</summary>
    public bool IsDraining { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Connects the shard to its protocol core; before the first message.</summary>
    public void Attach(UserAgent agent, ISipOutput output, Action<ShardWork> post, ServerFinder finder)
    {
        Agent = agent;
        Output = output;
        Post = post;
        Resolver = new HostResolver(finder, post);
    }

    /// <summary>Gives a handoff to its call; from any thread.</summary>
    public void Take(HandoffRequested handoff) => Post(new TakeHandoff(this, handoff));

    /// <summary>Gives a command to its call; from any thread. It is answered on the shard's.</summary>
    public void Take(CallCommand command, Action<CommandAnswer> answer) => Post(new TakeCommand(this, command, answer));

    /// <summary>Has every call that waits for a decision ask for it once more; from any thread.</summary>
    public void AskAgain() => Post(new AskCalls(this));

    /// <summary>Ends all open calls because the node stops; from any thread.</summary>
    public void EndAll() => Post(new EndCalls(this));

    /// <inheritdoc />
    public bool Admits(SipMessage request, Hop hop) => _admission.Admits(hop);

    /// <inheritdoc />
    public Admission Examine(SipMessage request, Hop hop, Leg? leg) => _admission.Examine(request, hop, leg);

    /// <inheritdoc />
    public bool Knows(Hop hop) => Trunks.Knows(hop.Remote.Address);

    /// <inheritdoc />
    public bool MayUseTcp(Hop hop) => Trunks.At(hop.Remote.Address)?.LargeByTcp != false;

    /// <inheritdoc />
    public bool OnRefused(SipMessage message, Hop hop) => _admission.OnRefused(message, hop);

    /// <inheritdoc />
    public bool Ignores(Hop hop) => _admission.Sources.IsBanned(hop.Remote.Address);

    /// <inheritdoc />
    public void OnInvite(IncomingLeg leg, SipMessage invite)
    {
        if (leg.Hop.IsInside)
        {
            // A call of another shard, whose own side was let in there.
            if (ReplacesHeader.TryRead(invite, out var named) && named is not null)
                Replace(leg, invite, named, null);
            else
                leg.Reject(481);
            return;
        }
        if (leg.AdmittedAs is not Trunk trunk)
        {
            leg.Reject(403);
            return;
        }
        leg.Nat = trunk.Nat;
        if (!ReplacesHeader.TryRead(invite, out var replaces))
        {
            leg.Reject(400, "Bad Replaces");
            return;
        }
        // What takes the place of a side of a call makes no call more.
        if (replaces is null && WhyFull() is { } why)
        {
            _refusals.Refused(leg.Hop.Remote.Address, "A new call from", why);
            leg.Reject(503, null, _retryAfter);
            return;
        }
        var identity = _callers?.Check(invite);
        if (trunk.RequiresIdentity && IdentityRefusal.Of(identity) is { } refusal)
        {
            _refusals.Refused(leg.Hop.Remote.Address, "A call from", $"nobody who is trusted vouches for the caller (Trunks:{trunk.Name}:CheckedIdentity): {refusal.Why}");
            leg.Reject(refusal.Status, refusal.Phrase);
            return;
        }
        if (!TrunkSessions.TryUse(leg, invite, trunk))
            return;
        if (replaces is not null)
        {
            Replace(leg, invite, replaces, trunk);
            return;
        }
        Call call;
        try
        {
            call = new Call(this, leg, trunk, invite, identity);
        }
        catch (Exception e)
        {
            Logger.LogError(e, "An INVITE of the trunk {Trunk} could not be taken", trunk.Name);
            leg.Reject(500);
            return;
        }
        Calls.Add(call);
        call.Start();
    }

    /// <summary>The call in which a leg talks, or waits to; null when none has it.</summary>
    public static Call? CallOf(Leg leg) => (leg is IncomingLeg incoming ? incoming.Handler : ((OutgoingLeg)leg).Handler) switch
    {
        Call call => call,
        Bridge bridge when bridge.Call.Bridge == bridge => bridge.Call,
        _ => null,
    };

    /// <summary>All shards of this node; set before the first message. What is another's is asked only for what any thread may ask.</summary>
    public IReadOnlyList<CallShard> OfNode { get; set; } = [];

    /// <summary>The other shard of this node that has made the tag of ours in a Replaces; null when none has.</summary>
    public CallShard? ElsewhereOf(string? replaces) =>
        OfNode.Count > 1 && replaces is not null && ReplacesHeader.Parse(replaces) is { } named ? OfNode.FirstOrDefault(s => s != this && s.Agent.Made(named.ToTag)) : null;

    /// <summary>Finds what an INVITE is to take the place of (RFC 3891 §3).</summary>
    private void Replace(IncomingLeg leg, SipMessage invite, ReplacesHeader replaces, Trunk? trunk)
    {
        // What it names is known by its tags alone, which nobody can guess; and a dialog that somebody else has begun, and that is not answered, is none.
        var replaced = Agent.Find(replaces);
        if (replaced is OutgoingLeg { State: LegState.Calling or LegState.Early })
            leg.Reject(491);
        else if (replaced is null || CallOf(replaced) is not { } call || (replaced is IncomingLeg && replaced.State == LegState.Early))
            leg.Reject(481);
        else if (replaced.State == LegState.Ended)
            leg.Reject(603);
        else if (replaces.IsEarlyOnly)
            leg.Reject(486);
        else
            call.OnReplaced(replaced, leg, invite, replaces.Text, trunk);
    }

    private string? WhyFull() =>
        IsDraining ? "the node stops"
        : Journal.IsFull ? "no more can be kept for the store or the broker (eventcalls health says why)"
        : Journal.Backlog >= Options.MaxBacklog ? $"{Options.MaxBacklog} events wait to be recorded (Calls:MaxBacklog)"
        : _openCalls() >= Options.MaxCalls ? $"{Options.MaxCalls} calls are open (Calls:Max)"
        : RecordingDelay.IsTooLong ? "recording is so slow that they would be decided too late; there are more calls than this machine can take"
        : null;

    private sealed class TakeHandoff(CallShard shard, HandoffRequested handoff) : CallWork
    {
        protected override Call? Find()
        {
            var call = shard.Calls.Find(handoff.CallId);
            if (call is null)
                shard.Logger.LogInformation("The handoff {Handoff} came for the call {Call}, which is over or unknown here", handoff.HandoffId, handoff.CallId);
            return call;
        }

        protected override void Do(Call call) => call.Take(handoff);
    }

    private sealed class TakeCommand(CallShard shard, CallCommand command, Action<CommandAnswer> answer) : CallWork
    {
        protected override Call? Find()
        {
            var call = shard.Calls.Find(command.CallId);
            if (call is null)
                shard.EndedCommands.Answer(command, answer);
            return call;
        }

        protected override void Do(Call call) => call.Take(command, answer);
    }

    private sealed class AskCalls(CallShard shard) : ShardWork
    {
        protected override void Run()
        {
            foreach (var call in shard.Calls.Snapshot())
                call.OnRoutersLost();
        }
    }

    private sealed class EndCalls(CallShard shard) : ShardWork
    {
        protected override void Run()
        {
            foreach (var call in shard.Calls.Snapshot())
                call.OnNodeStops();
        }
    }
}
