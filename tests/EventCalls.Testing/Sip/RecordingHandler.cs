using System.Net;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Testing.Sip;

/// <summary>Handles everything by writing it down, and acts where a test says what to do.</summary>
public sealed class RecordingHandler : IUserAgentHandler, IIncomingLegHandler, IOutgoingLegHandler, IRequestHandler, IReferHandler
{
    /// <summary>What happened, in order, one short line each.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The legs of the INVITEs received.</summary>
    public List<IncomingLeg> Incoming { get; } = [];

    /// <summary>What to do with a new INVITE; when null it is kept.</summary>
    public Action<IncomingLeg, SipMessage>? Invited { get; set; }

    /// <summary>What to do when our INVITE was answered.</summary>
    public Action<OutgoingLeg, SipMessage>? Answered { get; set; }

    /// <summary>What to do with an ACK.</summary>
    public Action<SipMessage>? Acknowledged { get; set; }

    /// <summary>What to do with provisional responses to our INVITE.</summary>
    public Action<SipMessage>? Progressed { get; set; }

    /// <summary>How to answer a request within a dialog; when null with 200.</summary>
    public Action<Leg, IncomingRequest>? Requested { get; set; }

    /// <summary>What to do with responses to our requests within a dialog.</summary>
    public Action<OutgoingRequest, SipMessage>? Changed { get; set; }

    /// <summary>What it does when the peer hangs up.</summary>
    public Action<Leg>? HungUp { get; set; }

    /// <summary>Whether requests outside a dialog are admitted.</summary>
    public bool Admitting { get; set; } = true;

    /// <summary>What is asked of requests beside where they come from; null for nothing.</summary>
    public Func<SipMessage, Hop, Leg?, Admission>? Examining { get; set; }

    /// <summary>Addresses beside the peers' own that messages of a dialog are taken from.</summary>
    public HashSet<IPAddress> Known { get; } = [];

    /// <summary>What was refused for where it came from: method or status, and address.</summary>
    public List<string> Refused { get; } = [];

    /// <inheritdoc />
    public bool Admits(SipMessage request, Hop hop) => Admitting;

    /// <inheritdoc />
    public Admission Examine(SipMessage request, Hop hop, Leg? leg) => Examining?.Invoke(request, hop, leg) ?? (leg is not null || Admitting ? Admission.Taken : Admission.Refused);

    /// <inheritdoc />
    public bool Knows(Hop hop) => Known.Contains(hop.Remote.Address);

    /// <summary>Whether large requests may go over TCP.</summary>
    public bool UsesTcp { get; set; } = true;

    /// <inheritdoc />
    public bool MayUseTcp(Hop hop) => UsesTcp;

    /// <inheritdoc />
    public bool OnRefused(SipMessage message, Hop hop)
    {
        Refused.Add($"{(message.IsRequest ? SipText.Get(message.MethodName) : message.StatusCode)} {hop.Remote.Address}");
        return true;
    }

    /// <inheritdoc />
    public void OnInvite(IncomingLeg leg, SipMessage invite)
    {
        Log.Add("invite");
        leg.Handler = this;
        Incoming.Add(leg);
        Invited?.Invoke(leg, invite);
    }

    /// <inheritdoc />
    public void OnProgress(OutgoingLeg leg, SipMessage response)
    {
        Log.Add($"progress {response.StatusCode}");
        Progressed?.Invoke(response);
    }

    /// <inheritdoc />
    public void OnAnswered(OutgoingLeg leg, SipMessage response)
    {
        Log.Add($"answered {response.StatusCode}");
        Answered?.Invoke(leg, response);
    }

    /// <inheritdoc />
    public void OnFailed(OutgoingLeg leg, SipMessage response) => Log.Add($"failed {response.StatusCode}");

    /// <inheritdoc />
    public void OnNoResponse(OutgoingLeg leg, NoResponse why) => Log.Add($"no response {why}");

    /// <inheritdoc />
    public void OnCancelled(IncomingLeg leg, SipMessage cancel) => Log.Add("cancelled");

    /// <inheritdoc />
    public void OnAcknowledged(IncomingLeg leg, SipMessage ack)
    {
        Log.Add(ack.Body.IsEmpty ? "ack" : "ack with body");
        Acknowledged?.Invoke(ack);
    }

    /// <inheritdoc />
    public void OnNotAcknowledged(IncomingLeg leg) => Log.Add("no ack");

    /// <inheritdoc />
    public void OnBye(Leg leg, SipMessage bye)
    {
        Log.Add("bye");
        HungUp?.Invoke(leg);
    }

    /// <inheritdoc />
    public void OnRequest(Leg leg, IncomingRequest request)
    {
        Log.Add($"request {request.Method}");
        if (Requested is null)
            request.Respond(200);
        else
            Requested(leg, request);
    }

    /// <inheritdoc />
    public void OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
        Log.Add("request ack");
        Acknowledged?.Invoke(ack);
    }

    /// <inheritdoc />
    public void OnLost(Leg leg, NoResponse why) => Log.Add($"lost {why}");

    /// <inheritdoc />
    public void OnFault(Leg leg, Exception e) => Log.Add($"fault {e.Message}");

    /// <inheritdoc />
    public void OnResponse(OutgoingRequest request, SipMessage response)
    {
        Log.Add($"{request.Method} {response.StatusCode}");
        Changed?.Invoke(request, response);
    }

    /// <inheritdoc />
    public void OnNoResponse(OutgoingRequest request, NoResponse why) => Log.Add($"{request.Method} no response {why}");

    /// <inheritdoc />
    public void OnAccepted(ReferSubscription subscription, SipMessage response) => Log.Add($"refer accepted {response.StatusCode}{(subscription.Expected ? "" : " without subscription")}");

    /// <inheritdoc />
    public void OnRefused(ReferSubscription subscription, SipMessage response) => Log.Add($"refer refused {response.StatusCode}");

    /// <inheritdoc />
    public void OnNoResponse(ReferSubscription subscription, NoResponse why) => Log.Add($"refer no response {why}");

    /// <inheritdoc />
    public void OnNotify(ReferSubscription subscription, SipMessage notify, int? status, bool terminated) => Log.Add($"notify {status?.ToString() ?? "-"}{(terminated ? " terminated" : "")}");

    /// <inheritdoc />
    public void OnExpired(ReferSubscription subscription) => Log.Add("refer expired");
}
