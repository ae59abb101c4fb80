using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <summary>A leg of ours beside those who talk: whoever is called there gets the call's sound, and whatever becomes of them the call goes on.</summary>
internal abstract class SideLeg(Call call, InviteTarget target) : IOutgoingLegHandler
{
    private const int ExpiresAfterRings = 5;

    private readonly Queue<ServerAddress> _servers = new();
    private OutgoingLeg? _leg;
    private ServerAddress _server;
    private RingTimer? _ring;

    /// <summary>The call.</summary>
    protected Call Call { get; } = call;

    /// <summary>Whom it leads to.</summary>
    protected InviteTarget Target { get; } = target;

    /// <summary>Its session.</summary>
    public LegSession Session { get; } = new();

    /// <summary>The number of its session.</summary>
    protected long SessionId { get; } = 1 + call.Shard.Agent.Random.Next(int.MaxValue);

    /// <summary>Whether it was answered, and is not over.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether it is over: nothing is done or said any more.</summary>
    protected bool IsOver { get; private set; }

    /// <summary>The leg, once there is one.</summary>
    protected OutgoingLeg? Leg => _leg;

    private CallShard Shard => Call.Shard;

    /// <summary>Calls them; what comes of it, <see cref="OnConnected"/> or <see cref="OnOver"/> says.</summary>
    public void Dial()
    {
        if (IsOver)
            return;
        if (Target.Address.EndPoint is { } known)
        {
            _servers.Enqueue(new ServerAddress(Target.Address.Protocol, known));
            Guarded(() => DialNext(""));
            return;
        }
        Shard.Resolver.Resolve(Target.Address.Query!, found => Guarded(() =>
        {
            if (IsOver)
                return;
            foreach (var server in found.WhyNone is null ? Shard.Servers.Of(found, Shard.Agent.Random).Take(HostResolver.MostServersOfName) : [])
                _servers.Enqueue(server);
            DialNext(found.WhyNone ?? "");
        }));
    }

    /// <summary>Hangs up, or gives the INVITE up.</summary>
    public void End(MonitorEndCause cause, string? detail)
    {
        if (IsOver)
            return;
        _leg?.Bye();
        Finish(cause, detail);
    }

    /// <summary>Where it leads, as it is dialled.</summary>
    public string RequestUri => Target.RequestUri;

    /// <summary>Why an address must not be called; null when it may.</summary>
    protected virtual string? WhyNot(IPAddress address) => Shard.Targets.WhyNot(Target, address);

    /// <summary>Opens the session for a way that is tried, and makes the offer; null when there is no port for it.</summary>
    protected abstract Content? Offer(Hop hop);

    /// <summary>What the INVITE has beside what every one has; it may add to the headers.</summary>
    protected abstract OutgoingInvite Invite(Hop hop, Content offer, List<HeaderLine> headers);

    /// <summary>It was answered, and the answer can be used.</summary>
    protected abstract void OnConnected();

    /// <summary>It is over; said once.</summary>
    protected abstract void OnOver(MonitorEndCause cause, string? detail);

    /// <summary>Answers a changed description of the peer's; null when it cannot be taken.</summary>
    protected virtual Content? Changed(Content offer) => Session.Hold(offer.Body.Span, _leg!.Hop.SessionAddress.ToString(), SessionId);

    private void DialNext(string whyNone)
    {
        while (_servers.TryDequeue(out var server))
        {
            if (WhyNot(server.EndPoint.Address) is { } notAllowed)
                whyNone = notAllowed;
            else if (Shard.Output.HopTo(server.Protocol, server.EndPoint, Target.Address.Name) is not { } hop)
                whyNone = $"no listener to reach {server} from";
            else if (hop.Local.Equals(server.EndPoint))
                whyNone = $"{server} is this node itself";
            else
            {
                Dial(server, hop);
                return;
            }
        }
        Finish(MonitorEndCause.NotReached, whyNone);
    }

    private void Dial(ServerAddress server, Hop hop)
    {
        _server = server;
        if (Offer(hop) is not { } offer)
        {
            Finish(MonitorEndCause.NotReached, "no port for its media is free");
            return;
        }
        long rings = 1000L * Shard.Options.RingTimeoutSeconds;
        var headers = new List<HeaderLine> { new("Expires", FormattableString.Invariant($"{ExpiresAfterRings + rings / 1000}")) };
        (_ring ??= new RingTimer(this)).Start(Shard.Agent.Wheel, _servers.Count > 0 ? Math.Min(rings, Shard.Options.NoResponseTimeoutMs) : rings);
        var leg = Shard.Agent.Invite(
            Invite(hop, offer, headers) with
            {
                Credentials = Target.Trunk is { UserName: { } user, Password: { } password } ? new Credentials(user, password) : null,
                Nat = Target.Trunk?.Nat ?? NatUse.Auto,
                MaxForwards = Call.MaxForwards - 1,
                BelongsTo = Call.Id,
                Extensions = TrunkSessions.Of(Target.Trunk, true),
            },
            this);
        // A transport can refuse at once, and then another address is tried already, or it is over.
        if (!IsOver && _server.Equals(server))
            _leg ??= leg;
    }

    private void Finish(MonitorEndCause cause, string? detail)
    {
        if (IsOver)
            return;
        (IsOver, IsConnected) = (true, false);
        _ring?.Stop(Shard.Agent.Wheel);
        Guarded(() => OnOver(cause, detail));
        Session.Media?.Close();
    }

    private void OnRungLong()
    {
        if (IsOver || IsConnected)
            return;
        bool wasHeard = _leg is { WasHeard: true };
        if (!wasHeard)
            Shard.Servers.Failed(_server);
        _leg?.Cancel();
        if (wasHeard || _servers.Count == 0)
            Finish(MonitorEndCause.NotReached, wasHeard ? "nobody answered" : $"{_server} said nothing");
        else
            TryNext($"{_server} said nothing");
    }

    private void TryNext(string why)
    {
        _leg = null;
        DialNext(why);
    }

    /// <summary>What goes wrong here ends the leg, and not the call.</summary>
    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            OnFault(e);
        }
    }

    private void OnFault(Exception e)
    {
        Shard.Logger.LogError(e, "A leg beside the call {Call} could not go on", Call.Id);
        End(MonitorEndCause.Lost, "an error; the log has it");
    }

    void IOutgoingLegHandler.OnAnswered(OutgoingLeg leg, SipMessage response)
    {
        if (IsOver || (_leg is not null && _leg != leg))
        {
            leg.Bye();
            return;
        }
        _leg = leg;
        _ring?.Stop(Shard.Agent.Wheel);
        Shard.Servers.Answered(_server);
        var answer = Content.Of(response);
        Session.Describe(answer);
        string? whyNot = SessionText.WhyNotAnswer(Session.LastTold!, answer) ?? Session.Media?.WhyNot;
        if (whyNot is not null)
        {
            leg.Bye();
            Finish(MonitorEndCause.NotReached, $"in its answer {whyNot}");
            return;
        }
        IsConnected = true;
        OnConnected();
    }

    void IOutgoingLegHandler.OnFailed(OutgoingLeg leg, SipMessage response)
    {
        if (IsOver || _leg is not null && _leg != leg)
            return;
        string said = SipText.Get(response.StartLine);
        said = said.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? said[8..] : said;
        if (response.StatusCode == 503)
            Shard.Servers.Failed(_server);
        if (response.StatusCode == 503 && _servers.Count > 0)
            TryNext(said);
        else
            Finish(MonitorEndCause.NotReached, said);
    }

    void IOutgoingLegHandler.OnNoResponse(OutgoingLeg leg, NoResponse why)
    {
        if (IsOver || _leg is not null && _leg != leg)
            return;
        Shard.Servers.Failed(_server);
        TryNext($"{_server} did not answer");
    }

    void ILegHandler.OnBye(Leg leg, SipMessage bye)
    {
        if (leg == _leg)
            Finish(MonitorEndCause.HungUp, ReceivedFacts.Text(bye, HeaderId.Reason));
    }

    void ILegHandler.OnLost(Leg leg, NoResponse why)
    {
        if (leg == _leg)
            Finish(MonitorEndCause.Lost, why == NoResponse.Expired ? "the session expired" : "no answer");
    }

    void ILegHandler.OnFault(Leg leg, Exception e) => OnFault(e);

    void ILegHandler.OnRequest(Leg leg, IncomingRequest request)
    {
        if (request.Method is not (SipMethod.Invite or SipMethod.Update or SipMethod.Info or SipMethod.Message))
        {
            request.Respond(405);
            return;
        }
        if (Content.Of(request.Message) is not { } content || !SessionText.Is(content))
        {
            // Without an offer it asks for ours, which is as it was.
            request.Respond(200, content: request.Method == SipMethod.Invite ? Session.LastTold : null);
            return;
        }
        var before = Session.Described;
        Session.Describe(content);
        if (Changed(content) is { } answer)
        {
            request.Respond(200, content: answer);
            return;
        }
        Session.TakeBack(content, before);
        request.Respond(488);
    }

    void ILegHandler.OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
        // It was asked for our offer, and answers it here.
        if (leg == _leg && !IsOver && Content.Of(ack) is { } answer && SessionText.WhyNotAnswer(Session.LastTold!, answer) is null)
            Session.Describe(answer);
    }

    private sealed class RingTimer(SideLeg leg) : WheelTimer
    {
        public void Start(TimingWheel wheel, long delayMs) => wheel.Schedule(this, delayMs);

        public void Stop(TimingWheel wheel) => wheel.Cancel(this);

        protected override void Fire() => leg.OnRungLong();

        protected override bool TakeFault(Exception e)
        {
            leg.OnFault(e);
            return true;
        }
    }
}
