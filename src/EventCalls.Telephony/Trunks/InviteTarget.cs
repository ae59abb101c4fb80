using EventCalls.Contracts;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Trunks;

/// <summary>Where an invite step leads: the URI dialled, the next hop, and the outbound endpoint if one is used.</summary>
internal sealed record InviteTarget(string RequestUri, OutboundAddress Address, Trunk? Trunk)
{
    /// <summary>Whether the URI is one that was asked for, and not made here of a number and an endpoint's own host.</summary>
    public bool IsGiven { get; private init; }

    /// <summary>Works out where a Contact of a 3xx leads: to the endpoint that is reached there, else to the host itself; a number goes by way of the step's endpoint. Null with the reason when it is not valid.</summary>
    public static InviteTarget? OfContact(string contact, Handoff step, Func<Trunk, OutboundAddress> placeOf, TrunkTable trunks, out NoTarget? whyNot)
    {
        if (DialledNumber.TryParse(contact, out _))
            return Of(step with { PhoneNumber = contact }, placeOf, trunks, out whyNot);
        if (!TargetAddress.IsSipUri(contact, isDialledHere: true, out string? wrong) || !OutboundAddress.TryParse(contact, out var own, out wrong))
        {
            whyNot = new NoTarget(wrong!);
            return null;
        }
        whyNot = null;
        // By where it is sent, and not by what it is called: a maddr leads elsewhere.
        return new InviteTarget(contact, own!, trunks.ByAddress(own!.Host, own.Port)) { IsGiven = true };
    }

    /// <summary>A recorder that is configured by its URI; null with what is expected when that is none.</summary>
    public static InviteTarget? OfRecorder(string uri, out string? whyNot)
    {
        if (TargetAddress.IsSipUri(uri, isDialledHere: true, out whyNot) && OutboundAddress.TryParse(uri, out var address, out whyNot))
            return new InviteTarget(uri, address!, null) { IsGiven = true };
        whyNot = "expected SIP URIs such as sip:srs@recorder.example.com";
        return null;
    }

    /// <summary>A call of another shard of this node, by the hop that leads there.</summary>
    public static InviteTarget? OfInside(Hop hop, out NoTarget? whyNot)
    {
        whyNot = OutboundAddress.TryParse(hop.ContactUri, out var own, out string? wrong) ? null : new NoTarget(wrong!);
        return whyNot is null ? new InviteTarget(hop.ContactUri, own!, null) : null;
    }

    /// <summary>Works out the target of a step, at the place of its endpoint that is tried; null with the reason when it is not valid.</summary>
    public static InviteTarget? Of(Handoff step, Func<Trunk, OutboundAddress> placeOf, TrunkTable trunks, out NoTarget? whyNot)
    {
        Trunk? trunk = null;
        if (step.OutboundEndpoint is { Length: > 0 } name)
        {
            trunk = trunks.ByName(name);
            if (trunk is null || !trunk.IsOutbound)
            {
                whyNot = new NoTarget($"there is no outbound endpoint '{CustomHeaders.Shown(name)}'");
                return null;
            }
        }
        if (step.PhoneNumber is not { Length: > 0 } dialled)
        {
            whyNot = new NoTarget("there is no number or URI to dial", NoTarget.Incomplete);
            return null;
        }
        if (DialledNumber.TryParse(dialled, out var number))
        {
            trunk ??= trunks.OnlyOutbound;
            if (trunk is null)
            {
                whyNot = new NoTarget($"the number {number.Number} needs an outbound endpoint, and not exactly one is configured");
                return null;
            }
            whyNot = null;
            var next = placeOf(trunk);
            return new InviteTarget(next.UriOf(number), next, trunk);
        }
        if (!TargetAddress.IsSipUri(dialled, isDialledHere: true, out string? wrong))
        {
            whyNot = new NoTarget(wrong!);
            return null;
        }
        if (trunk is not null)
        {
            var place = placeOf(trunk);
            // It asks for TLS on every hop (RFC 3261 §26.2.2, RFC 5630 §3.1.3).
            if (dialled.StartsWith("sips:", StringComparison.OrdinalIgnoreCase) && !place.Protocol.IsSecure())
            {
                whyNot = new NoTarget($"a sips URI goes over TLS alone, and the endpoint '{CustomHeaders.Shown(trunk.Name)}' is reached over {place.Protocol.Name()}", NoTarget.Unavailable);
                return null;
            }
            whyNot = null;
            return new InviteTarget(dialled, place, trunk) { IsGiven = true };
        }
        whyNot = OutboundAddress.TryParse(dialled, out var own, out wrong) ? null : new NoTarget(wrong!);
        return whyNot is null ? new InviteTarget(dialled, own!, null) { IsGiven = true } : null;
    }
}
