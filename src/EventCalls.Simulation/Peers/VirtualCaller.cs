using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Simulation.Network;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Simulation.Peers;

/// <summary>The caller's side: sends the recorded INVITE, and takes REFERs as it is told.</summary>
internal sealed class VirtualCaller(VirtualNetwork network, IPEndPoint endPoint, CallStarted started, Action onReferred) : VirtualPeer(network, endPoint), IOutgoingLegHandler
{
    // What the protocol writes anew, or what only held between the machines of then.
    private static readonly HashSet<string> s_ownHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Via", "v", "From", "f", "To", "t", "Call-ID", "i", "CSeq", "Contact", "m", "Max-Forwards", "Content-Length", "l", "Content-Type", "c",
        "Content-Encoding", "e", "Content-Disposition", "Allow", "Supported", "k", "Require", "Proxy-Require", "Route", "Record-Route", "User-Agent",
        "Session-Expires", "x", "Min-SE", "Authorization", "Proxy-Authorization", "Expires", "Timestamp", "Replaces", "MIME-Version",
    };

    private OutgoingLeg? _leg;
    private IncomingRequest? _refer;

    private Content? Offer => started.OfferedMedia is { } media
        ? new Content(Header("Content-Type", "c") ?? "application/sdp", Encoding.UTF8.GetBytes(media))
        : null;

    /// <summary>Sends the INVITE.</summary>
    /// <param name="node">Where to.</param>
    public void Call(IPEndPoint node)
    {
        if (!TransportNames.TryParse(Encoding.UTF8.GetBytes(started.Transport), out var protocol))
            protocol = TransportProtocol.Tcp;
        _leg = Agent.Invite(
            new OutgoingInvite
            {
                Hop = Host.HopTo(protocol, node)!,
                RequestUri = started.RequestUri,
                From = Address("From", "f", $"<sip:{started.CallerNumber}@{Host.EndPoint}>"),
                To = Address("To", "t", $"<{started.RequestUri}>"),
                Headers = [.. started.Headers.Where(IsSent).Select(h => new HeaderLine(h.Name, h.Value))],
                Content = Offer,
            },
            this);
    }

    /// <summary>Hangs up, or cancels when nobody has answered yet.</summary>
    public void HangUp(string? reason)
    {
        HeaderLine[] headers = reason is not null && SipText.IsSafeHeaderValue(reason) ? [new HeaderLine("Reason", reason)] : [];
        if (_leg is { State: LegState.Calling or LegState.Early } waiting)
            waiting.Cancel(headers);
        else if (_leg is { State: LegState.Answered or LegState.Confirmed } answered)
            answered.Bye(headers);
    }

    /// <summary>Does one step of a transfer by REFER; false when the REFER it is about has not come yet.</summary>
    public bool Do(PeerStep step)
    {
        switch (step.Act)
        {
            case PeerAct.Respond when _refer is null:
                return false;
            case PeerAct.Respond:
                _refer.Respond(step.Status ?? 202, step.Phrase, null, step.Headers);
                _refer = null;
                return true;
            case PeerAct.Notify when _leg is { State: LegState.Answered or LegState.Confirmed } leg:
                Notify(leg, step);
                return true;
            case PeerAct.HangUp:
                HangUp(step.Headers.FirstOrDefault(h => h.Name == "Reason").Value);
                return true;
            default:
                return true;
        }
    }

    /// <inheritdoc />
    public override void OnRequest(Leg leg, IncomingRequest request)
    {
        if (request.Method != SipMethod.Refer)
        {
            base.OnRequest(leg, request);
            return;
        }
        _refer = request;
        onReferred();
    }

    /// <inheritdoc />
    public void OnAnswered(OutgoingLeg leg, SipMessage response)
    {
        if (started.OfferedMedia is not null || response.Body.IsEmpty)
            return;
        leg.DeferAck();
        leg.Ack(Session());
    }

    /// <inheritdoc />
    public void OnFailed(OutgoingLeg leg, SipMessage response) => OnOver(leg);

    /// <inheritdoc />
    public void OnNoResponse(OutgoingLeg leg, NoResponse why) => OnOver(leg);

    /// <inheritdoc />
    protected override Leg? Current => _leg;

    /// <inheritdoc />
    protected override void OnOver(Leg leg)
    {
        if (_leg == leg)
            _leg = null;
    }

    private void Notify(OutgoingLeg leg, PeerStep step)
    {
        Content? fragment = step.Status is { } status
            ? new Content("message/sipfrag;version=2.0", Encoding.UTF8.GetBytes($"SIP/2.0 {status} {step.Phrase ?? PhraseOf(status)}\r\n"))
            : null;
        string state = step.SubscriptionState is { } said && SipText.IsSafeHeaderValue(said) ? said : "terminated;reason=noresource";
        leg.Request(SipMethod.Notify, fragment, [new HeaderLine("Event", "refer"), new HeaderLine("Subscription-State", state), .. step.Headers], null);
    }

    private static string PhraseOf(int status) => ReasonPhrases.Of(status);

    private static bool IsSent(SipHeader header) =>
        !s_ownHeaders.Contains(header.Name) && SipText.IsToken(header.Name) && SipText.IsSafeHeaderValue(header.Value);

    private string? Header(string name, string compact) => started.Headers
        .FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || h.Name.Equals(compact, StringComparison.OrdinalIgnoreCase))?.Value;

    private string Address(string name, string compact, string otherwise)
    {
        if (Header(name, compact) is not { } value || !NameAddr.TryParse(Encoding.UTF8.GetBytes(value), out var address))
            return otherwise;
        string display = SipText.Get(address.DisplayName);
        return $"{display}{(display.Length > 0 ? " " : "")}<{SipText.Get(address.Uri)}>";
    }
}
