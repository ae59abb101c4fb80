using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Reliable;

namespace EventCalls.Telephony.Configuration;

/// <summary>One trunk as configured: who may call in on it, and where it is reached as an outbound endpoint.</summary>
public sealed record TrunkOptions
{
    /// <summary>Its name: what <c>CallStarted.Trunk</c> and <c>Handoff.OutboundEndpoint</c> say.</summary>
    public required string Name { get; init; }

    /// <summary>Where it calls from: addresses, CIDR (<c>192.0.2.0/24</c>, <c>2001:db8::/32</c>), and host names, which stand for their servers' and their own addresses; the longest prefix wins over all trunks. Empty: nobody calls in on it, unless it is known by its digest user, its token or its certificate, wherever it calls from.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>SIP URIs it is reached at, best first (<c>sip:192.0.2.1:5060;transport=tcp</c>); the next is tried when one is unreachable. With <c>;priority=10;weight=60</c> behind them the lowest priority is tried first, and those of one priority share the calls by weight. Empty: not an outbound endpoint.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>What may be called by way of it: of numbers those that begin so (<c>tel:+49</c>), but not so (<c>!tel:+4990</c>), the longest beginning deciding; and hosts that URIs may name beside those of <c>Routing:Targets</c>. Empty: any number.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>How often each of its servers is asked by OPTIONS whether it is there, seconds, up to 3,600; two silences in a row, or 503, make it down, which is logged, and it is tried last until it has answered twice. 0 for never.</summary>
    public int HealthSeconds { get; init; }

    /// <summary>User name for digest authentication; null when it asks for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password for digest authentication.</summary>
    public string? Password { get; init; }

    /// <summary>How we register with it, so that it sends us calls; null for not at all. Without <see cref="From"/> the registrar's servers call in on the trunk.</summary>
    public RegisterOptions? Register { get; init; }

    /// <summary>The user and password that its calls, and what it asks within them, must prove; null for none.</summary>
    public DigestOptions? Digest { get; init; }

    /// <summary>The header by which its calls carry <see cref="Token"/>; null for none. It is in no event and no log, and not passed on.</summary>
    public string? TokenHeader { get; init; }

    /// <summary>What <see cref="TokenHeader"/> must say; it tells trunks apart that call from one address.</summary>
    public string? Token { get; init; }

    /// <summary>The names of which the certificate it shows over TLS must bear one: hosts, or <c>*.example.com</c>; then it needs one when it connects to us, too, and without <see cref="From"/> it is known by it wherever it calls from. Empty: the host its URI names, and none when it connects.</summary>
    public IReadOnlyList<string> TlsNames { get; init; } = [];

    /// <summary>How many calls it may begin a second, 0–100,000, the rest gets 503; 0 for any number.</summary>
    public int MaxCallsPerSecond { get; init; }

    /// <summary>How many of its calls may be open at once, 0–10,000,000, a further one gets 503; 0 for any number.</summary>
    public int MaxCalls { get; init; }

    /// <summary>What is done with a REFER that it sends within a call, when routing logic does not decide: call whom it refers to and connect the other side with them, ask the other side the same by REFER, or refuse.</summary>
    public ReferPolicy Refer { get; init; }

    /// <summary>The trunk on which numbers are called that it refers to; without it the only one that has <c>To</c>, else the one that the call came in on.</summary>
    public string? ReferEndpoint { get; init; }

    /// <summary>Session timers on its legs (RFC 4028): the interval that we ask for, seconds, 90–86,400. 0, written <c>off</c>: there is none, whatever it asks for. When nothing is said we do what it asks for, and ask for nothing.</summary>
    public int? SessionTimer { get; init; }

    /// <summary>Whether provisional responses are acknowledged by PRACK (RFC 3262).</summary>
    public ReliableUse Reliable { get; init; }

    /// <summary>Where the media of its calls goes, of those it makes and those it is called for: <c>anchor</c> on one of the two sides is enough. When neither says anything, <c>Media:Mode</c> holds.</summary>
    public MediaMode? Media { get; init; }

    /// <summary>How its media is to be protected when we describe the session first; what it asks for itself is done. Its media goes through the node then, so that the other side need not do the same.</summary>
    public MediaProtection Srtp { get; init; }

    /// <summary>Whether its audio is turned from G.711 into Opus and back where it and the other side have no codec in common, in calls that it makes and that it is called for; their media goes through the node then, or an rtpengine.</summary>
    public bool Transcode { get; init; }

    /// <summary>Whether its calls are recorded, those it makes and those it is called for; their media goes through the node then.</summary>
    public bool Record { get; init; }

    /// <summary>How many 3xx of one handoff's targets are followed, one after another, 0–10; 0: none, and the next step is tried. Only where calls may go: the hosts of endpoints, and those of <c>Routing:Targets</c>.</summary>
    public int FollowRedirects { get; init; }

    /// <summary>How it is told, when we call or redirect, that the call was for the dialled number before.</summary>
    public DiversionIn Diversion { get; init; }

    /// <summary>Whether it is sent the Identity headers of the caller's INVITE (RFC 8224).</summary>
    public bool PassesIdentity { get; init; }

    /// <summary>Headers of the caller's INVITE that it is sent when it is called: names, or what names begin with (<c>X-*</c>). What a handoff sets itself stays the only one, and what the protocol writes, or has a key of its own, is never passed on. Empty for none.</summary>
    public IReadOnlyList<string> PassHeaders { get; init; } = [];

    /// <summary>Whether its calls must carry an Identity header that is valid (RFC 8224): <c>pass</c>, no, and logic reads what the check came to; <c>require</c>, a call without one is refused 428, one that cannot be checked 436, one of a certificate that is not trusted 437, one that is wrong 438, and one that is too old 403. Needs <c>Sip:Identity:Certificates</c>.</summary>
    public bool RequiresIdentity { get; init; }

    /// <summary>Whether requests over 1,300 bytes go to it over TCP where its URI says UDP (RFC 3261 §18.1.1), when <c>Sip:Listen</c> has TCP; when it takes no connection they go by UDP.</summary>
    public bool LargeByTcp { get; init; } = true;

    /// <summary>
    /// Where requests within its calls go: <c>auto</c>, where it was heard from when its Contact names an address that cannot be reached from there (a private one of a peer with
    /// a public address); <c>on</c>, always where it was heard from; <c>off</c>, always where its Contact says. Through proxies that want to stay on the way, always where these say.
    /// </summary>
    public NatUse Nat { get; init; } = NatUse.Auto;

    /// <summary>Where the caller id of an outbound call goes.</summary>
    public CallerIdIn CallerIdIn { get; init; }
}
