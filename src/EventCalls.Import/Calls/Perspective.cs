using System.Net;
using EventCalls.Import.Captures;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Calls;

/// <summary>Whose calls are imported: which addresses are ours, and what the trunks behind the others are called.</summary>
public sealed class Perspective
{
    /// <summary>The trunk of a caller whose address no configured trunk calls from.</summary>
    public const string UnknownTrunk = "import";

    private readonly string? _trunk;
    private readonly IReadOnlyList<OurAddress> _ours;
    private readonly (IPNetwork Network, string Name)[] _trunks;
    private readonly Dictionary<(string Host, int Port), string> _endpoints = [];

    /// <param name="trunk">The trunk that every call counts as; null: the configured one it comes from.</param>
    /// <param name="ours">Which addresses are ours; empty: whatever a call goes to first.</param>
    /// <param name="trunks">The configured trunks.</param>
    public Perspective(string? trunk, IReadOnlyList<OurAddress> ours, IReadOnlyList<KnownTrunk> trunks)
    {
        _trunk = trunk;
        _ours = ours;
        _trunks =
        [
            .. trunks.SelectMany(t => t.From.Select(from => (Network: OurAddress.Network(from), t.Name)))
                .Where(t => t.Network is not null)
                .Select(t => (t.Network!.Value, t.Name))
                .OrderByDescending(t => t.Value.PrefixLength),
        ];
        foreach (var option in trunks)
        {
            foreach (string to in option.To)
            {
                if (SipUri.TryParse(System.Text.Encoding.UTF8.GetBytes(to), out var uri))
                    _endpoints.TryAdd((SipText.Get(uri.Host).ToLowerInvariant(), uri.Port < 0 ? 5060 : uri.Port), option.Name);
            }
        }
    }

    /// <summary>Whether it was said which addresses are ours.</summary>
    public bool IsGiven => _ours.Count > 0;

    /// <summary>Whether a leg comes in to us.</summary>
    internal bool IsIncoming(CapturedLeg leg) => !IsGiven || (IsOurs(leg.Destination) && !IsOurs(leg.Source));

    /// <summary>Whether a leg may go out from us on behalf of a call that came in.</summary>
    /// <remarks>
    /// Where nothing was said, we are whoever the call came in to: the same address. On one machine, where everybody has the same
    /// address, it has to be the same port too, unless it is TCP, which calls from any.
    /// </remarks>
    internal bool IsOutgoing(CapturedLeg incoming, CapturedLeg leg)
    {
        if (leg.Destination == incoming.Destination || leg.Destination == incoming.Source)
            return false;
        if (IsGiven)
            return IsOurs(leg.Source) && !IsOurs(leg.Destination);
        if (leg.Source.Address != incoming.Destination.Address)
            return false;
        return incoming.Source.Address != incoming.Destination.Address || leg.Source == incoming.Destination || leg.Transport == "tcp";
    }

    /// <summary>Whether a leg goes out from an address that was given as ours.</summary>
    internal bool IsOursToOthers(CapturedLeg leg) => IsGiven && IsOurs(leg.Source) && !IsOurs(leg.Destination);

    /// <summary>What the trunk of a caller is called.</summary>
    internal string TrunkOf(CapturedLeg incoming)
    {
        if (_trunk is not null)
            return _trunk;
        var address = incoming.Source.Address.ToIPAddress();
        foreach (var (network, name) in _trunks)
        {
            if (network.Contains(address))
                return name;
        }
        return UnknownTrunk;
    }

    /// <summary>The configured outbound endpoint that is reached at an address; null when there is none.</summary>
    internal string? EndpointOf(NetEndPoint destination) =>
        _endpoints.GetValueOrDefault((destination.Address.ToIPAddress().ToString(), destination.Port));

    /// <summary>The configured outbound endpoint that a SIP URI leads to; null when there is none.</summary>
    public string? EndpointOf(string uri) =>
        SipUri.TryParse(System.Text.Encoding.UTF8.GetBytes(uri), out var parsed)
            ? _endpoints.GetValueOrDefault((SipText.Get(parsed.Host).ToLowerInvariant(), parsed.Port < 0 ? 5060 : parsed.Port))
            : null;

    private bool IsOurs(NetEndPoint endPoint)
    {
        foreach (var ours in _ours)
        {
            if (ours.Contains(endPoint))
                return true;
        }
        return false;
    }
}
