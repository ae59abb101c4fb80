using System.Globalization;
using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Simulation.Network;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Simulation.Peers;

/// <summary>A user agent on the virtual network that does only what it is told: the caller's side, or a target.</summary>
internal abstract class VirtualPeer : IUserAgentHandler, ILegHandler, IReferHandler
{
    private int _version;

    protected VirtualPeer(VirtualNetwork network, IPEndPoint endPoint)
    {
        Host = network.AddHost(endPoint);
        Agent = Host.Agent = new UserAgent(new UserAgentOptions { PingAfterMs = 0, Extensions = [ReferExtension.Taken], Random = network.NextRandom() }, Host, this, network.Now);
    }

    /// <summary>Where it lives.</summary>
    public VirtualHost Host { get; }

    /// <summary>What it does when it is asked to change its session.</summary>
    public MediaReply Media { get; set; }

    /// <summary>Its protocol core.</summary>
    protected UserAgent Agent { get; }

    /// <inheritdoc />
    public bool Admits(SipMessage request, Hop hop) => true;

    /// <inheritdoc />
    public virtual void OnInvite(IncomingLeg leg, SipMessage invite) => leg.Reject(488);

    /// <inheritdoc />
    public virtual void OnRequest(Leg leg, IncomingRequest request)
    {
        bool changes = request.Method is SipMethod.Invite or SipMethod.Update;
        if (changes && Media == MediaReply.Refuse)
            request.Respond(488);
        else if (!changes || Media == MediaReply.Take)
            request.Respond(200, null, changes ? Session(Content.Of(request.Message)) : null);
    }

    /// <inheritdoc />
    public void OnBye(Leg leg, SipMessage bye) => OnOver(leg);

    /// <inheritdoc />
    public void OnLost(Leg leg, NoResponse why) => OnOver(leg);

    /// <summary>Asks the node, by REFER, to connect the other side with somebody else; does nothing when it is not in a call.</summary>
    public void Refer(ReferReceived refer)
    {
        if (Current is not { State: LegState.Answered or LegState.Confirmed } leg)
            return;
        string? by = refer.ReferredBy is { } said && SipText.IsSafeHeaderValue(said) ? said : null;
        leg.Refer(new OutgoingRefer { ReferTo = refer.ReferTo, ReferredBy = by }, this);
    }

    /// <summary>The leg it is in a call on; null when it is in none.</summary>
    protected abstract Leg? Current { get; }

    void IReferHandler.OnAccepted(ReferSubscription subscription, SipMessage response)
    {
        // What comes of it the node records.
    }

    void IReferHandler.OnRefused(ReferSubscription subscription, SipMessage response)
    {
        // The node records it.
    }

    void IReferHandler.OnNoResponse(ReferSubscription subscription, NoResponse why)
    {
        // The node is deaf just then.
    }

    void IReferHandler.OnNotify(ReferSubscription subscription, SipMessage notify, int? status, bool terminated)
    {
        // The node hangs up when it likes.
    }

    void IReferHandler.OnExpired(ReferSubscription subscription)
    {
        // The node has nothing more to say.
    }

    /// <summary>The leg has ended.</summary>
    protected abstract void OnOver(Leg leg);

    /// <summary>Its own session, a newer version each time: an answer that takes every stream and format of an offer, or an offer of its own.</summary>
    protected Content Session(Content? offer = null) => new("application/sdp", Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"v=0\r\no=peer 1 {++_version} IN {Family} {Host.EndPoint.Address}\r\ns=-\r\nc=IN {Family} {Host.EndPoint.Address}\r\nt=0 0\r\n{MediaFor(offer)}a=sendrecv\r\n")));

    private static string MediaFor(Content? offer)
    {
        string media = offer is null ? "" : string.Concat(
            Encoding.UTF8.GetString(offer.Body.Span).Split('\n').Where(l => l.StartsWith("m=", StringComparison.Ordinal)).Select(l => l.TrimEnd('\r') + "\r\n"));
        return media.Length > 0 ? media : "m=audio 4000 RTP/AVP 0 8\r\n";
    }

    private string Family => Host.EndPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
}
