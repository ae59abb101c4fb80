using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests;

/// <summary>A telephone, or a trunk, on the virtual network: a user agent that does what a test says and writes down what happens.</summary>
internal sealed class Phone : IUserAgentHandler, IIncomingLegHandler, IOutgoingLegHandler, IRequestHandler, IReferHandler
{
    private readonly VirtualHost _host;
    private int _version;

    public Phone(VirtualNetwork network, string endPoint, string name, params SipExtension[] more)
    {
        Name = name;
        _host = network.AddHost(endPoint);
        Agent = _host.Start(this, new UserAgentOptions { PingAfterMs = 0, Extensions = [ReferExtension.Taken, ReliableExtension.Taken, .. more] });
    }

    public string Name { get; }

    public VirtualHost Host => _host;

    public UserAgent Agent { get; }

    /// <summary>What happened, in order, one short line each.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The leg of the present call.</summary>
    public Leg? Leg { get; private set; }

    /// <summary>All legs there were.</summary>
    public List<Leg> Legs { get; } = [];

    /// <summary>The last session description heard; null when there was none.</summary>
    public string? Heard { get; private set; }

    /// <summary>The last INVITE received, as text.</summary>
    public string? Invite { get; private set; }

    /// <summary>What it does with a call that comes in; null: it rings.</summary>
    public Action<Phone, IncomingLeg>? OnCall { get; set; }

    /// <summary>What it does with a request within a dialog; null: 200, and to a re-INVITE or UPDATE with its own description.</summary>
    public Action<Phone, IncomingRequest>? OnAsked { get; set; }

    /// <summary>What it does when its call is answered.</summary>
    public Action<Phone, OutgoingLeg>? OnAnswered { get; set; }

    /// <summary>What it answers challenges with; null for nothing.</summary>
    public Credentials? Credentials { get; set; }

    /// <summary>Leaves out the description where one is expected.</summary>
    public bool IsMute { get; set; }

    /// <summary>Its own session description, a newer version each time.</summary>
    public Content Session(string direction = "sendrecv") => new("application/sdp", Encoding.ASCII.GetBytes(
        $"v=0\r\no={Name} 1 {++_version} IN IP4 {_host.EndPoint.Address}\r\ns=-\r\nc=IN IP4 {_host.EndPoint.Address}\r\nt=0 0\r\n"
        + $"m=audio {4000 + (_host.EndPoint.Address.GetAddressBytes()[3] * 2)} RTP/AVP 0 8\r\na={direction}\r\n"));

    /// <summary>Calls the node.</summary>
    public OutgoingLeg Call(VirtualHost node, Content? offer, string from = "<sip:+15551234567@10.0.0.2>", string dialled = "+15557654321", int maxForwards = 70, params HeaderLine[] headers)
    {
        var leg = Agent.Invite(
            new OutgoingInvite
            {
                Hop = _host.HopTo(node),
                RequestUri = $"sip:{dialled}@10.0.0.1:5060",
                From = from,
                To = $"<sip:{dialled}@10.0.0.1>",
                Headers = headers,
                Content = offer,
                Credentials = Credentials,
                MaxForwards = maxForwards,
            },
            this);
        Keep(leg);
        return leg;
    }

    /// <summary>Sends a NOTIFY of a REFER in the present call's dialog.</summary>
    public void Notify(string? fragment, string state = "active;expires=60") => Leg!.Request(
        SipMethod.Notify,
        fragment is null ? null : new Content("message/sipfrag;version=2.0", Encoding.ASCII.GetBytes(fragment + "\r\n")),
        [new HeaderLine("Event", "refer"), new HeaderLine("Subscription-State", state)],
        this);

    /// <summary>Asks, by REFER in the present call or another one, to connect the other side with somebody else.</summary>
    public void Refer(string to, bool wantsReports = true, string? by = null, Leg? leg = null) =>
        (leg ?? Leg!).Refer(new OutgoingRefer { ReferTo = to, ReferredBy = by, WantSubscription = wantsReports }, this);

    public void OnAccepted(ReferSubscription subscription, SipMessage response) => Log.Add($"REFER {response.StatusCode}{(subscription.Expected ? "" : " and no reports")}");

    public void OnRefused(ReferSubscription subscription, SipMessage response) => Log.Add($"REFER {response.StatusCode}");

    public void OnNoResponse(ReferSubscription subscription, NoResponse why) => Log.Add($"REFER no response {why}");

    public void OnNotify(ReferSubscription subscription, SipMessage notify, int? status, bool terminated) => Log.Add($"notified {status}{(terminated ? ", the last" : "")}");

    public void OnExpired(ReferSubscription subscription) => Log.Add("REFER expired");

    public bool Admits(SipMessage request, Hop hop) => true;

    public void OnInvite(IncomingLeg leg, SipMessage invite)
    {
        Log.Add("invite");
        Keep(leg);
        leg.Handler = this;
        Invite = SipText.Get(invite.Raw);
        Hear(invite);
        if (OnCall is null)
            leg.Ring(180);
        else
            OnCall(this, leg);
    }

    public void OnProgress(OutgoingLeg leg, SipMessage response)
    {
        Log.Add(response.Body.IsEmpty ? $"{response.StatusCode}" : $"{response.StatusCode} with media");
        Hear(response);
    }

    void IOutgoingLegHandler.OnAnswered(OutgoingLeg leg, SipMessage response)
    {
        Log.Add($"{response.StatusCode}");
        Hear(response);
        OnAnswered?.Invoke(this, leg);
    }

    public void OnFailed(OutgoingLeg leg, SipMessage response) => Log.Add($"{response.StatusCode}");

    public void OnNoResponse(OutgoingLeg leg, NoResponse why) => Log.Add($"no response {why}");

    public void OnCancelled(IncomingLeg leg, SipMessage cancel) => Log.Add("cancel");

    public void OnAcknowledged(IncomingLeg leg, SipMessage ack)
    {
        Log.Add(ack.Body.IsEmpty ? "ack" : "ack with media");
        Hear(ack);
    }

    public void OnNotAcknowledged(IncomingLeg leg) => Log.Add("no ack");

    public void OnBye(Leg leg, SipMessage bye) => Log.Add(bye.Has(HeaderId.Reason) ? $"bye {SipText.Get(bye.Header(HeaderId.Reason))}" : "bye");

    public void OnRequest(Leg leg, IncomingRequest request)
    {
        Log.Add($"{request.Method}{(request.Message.Body.IsEmpty ? "" : " with body")}".ToUpperInvariant());
        Hear(request.Message);
        if (OnAsked is not null)
            OnAsked(this, request);
        else if (request.Method is SipMethod.Invite or SipMethod.Update && !IsMute)
            request.Respond(200, null, Session());
        else
            request.Respond(200);
    }

    public void OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
        Log.Add(ack.Body.IsEmpty ? "ack of re-invite" : "ack of re-invite with media");
        Hear(ack);
    }

    public void OnLost(Leg leg, NoResponse why) => Log.Add($"lost {why}");

    public void OnResponse(OutgoingRequest request, SipMessage response)
    {
        Log.Add($"{request.Method} {response.StatusCode}".ToUpperInvariant());
        Hear(response);
        ResponseHook?.Invoke(request, response);
    }

    /// <summary>What it does with responses to its requests within a dialog.</summary>
    public Action<OutgoingRequest, SipMessage>? ResponseHook { get; set; }

    public void OnNoResponse(OutgoingRequest request, NoResponse why) => Log.Add($"{request.Method} no response {why}".ToUpperInvariant());

    private void Keep(Leg leg)
    {
        Leg = leg;
        Legs.Add(leg);
    }

    private void Hear(SipMessage message)
    {
        if (SipText.Get(message.ContentType) == "application/sdp")
            Heard = SipText.Get(message.Body);
    }
}
