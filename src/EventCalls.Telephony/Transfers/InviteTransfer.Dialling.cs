using System.Globalization;
using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Transfers;

/// <content>Where the INVITE leaves for: one address after the other.</content>
internal sealed partial class InviteTransfer
{
    private const int ExpiresAfterRings = 5;

    /// <summary>Looks where the request would leave for; an address that is not known yet is looked at when it is.</summary>
    private SipEvidence? WhyNotAllowed(IPAddress? address) =>
        Shard.Targets.WhyNot(_target, address) is { } whyNot ? SipEvidence.Local(LocalEvidence.TargetNotAllowed, whyNot) : null;

    /// <summary>Where a target sends us may be nowhere, and the number that it was called by is there nevertheless.</summary>
    private SipEvidence LeadsNowhere(NoTarget whyNot) => SipEvidence.Local(LocalEvidence.InvalidTarget, whyNot.Why, IsRedirected ? NoTarget.Unavailable : whyNot.Status);

    /// <summary>Dials the next server of a host name that can be reached from here.</summary>
    private void DialNext()
    {
        SipEvidence? refusal = null;
        while (Run.TryNext(out var server))
        {
            // Looked at before a connection is opened there.
            if (WhyNotAllowed(server.EndPoint.Address) is { } notAllowed)
            {
                refusal = notAllowed;
            }
            else if (Shard.Output.HopTo(server.Protocol, server.EndPoint, _target.Address.Name) is not null)
            {
                Dial(server);
                return;
            }
        }
        Fail(refusal ?? SipEvidence.Local(LocalEvidence.TransportError, $"no listener to reach the servers of {_target.Address.Host} from"), HasAnotherAddress);
    }

    private void Dial(ServerAddress server)
    {
        _server = server;
        if (WhyNotAllowed(server.EndPoint.Address) is { } refusal)
        {
            Fail(refusal, Run.Redirects.HasMore);
            return;
        }
        if (Shard.Output.HopTo(server.Protocol, server.EndPoint, _target.Address.Name) is not { } hop)
        {
            Fail(SipEvidence.Local(LocalEvidence.TransportError, $"no listener to reach {server} from"), HasAnotherAddress);
            return;
        }
        // Who refers or redirects to us would call us for ever.
        if (hop.Local.Equals(server.EndPoint) && (Call.IsOfRefer(Run) || IsRedirected))
        {
            Fail(LeadsNowhere(new NoTarget($"{server} is this node itself")), Run.Redirects.HasMore);
            return;
        }
        DialBy(hop);
    }

    private void DialBy(Hop hop)
    {
        _hop = hop;
        var where = _target.Trunk?.CallerIdIn ?? CallerIdIn.From;
        var headers = CustomHeaders.Lines(Step.SipHeaders, 2 + _added.Count);
        headers.AddRange(_added);
        _callerId.AddTo(headers, hop.LocalHost, where);
        if (Call.Anchor(_session, hop, _target.Trunk, Step) is { } notAnchored)
        {
            Fail(notAnchored, Run.Redirects.HasMore);
            return;
        }
        if (Call.OfferForTarget() is not { } offer)
            Send(hop, headers, where, null);
        else
            _session.Tell(offer, Call.Session, isOffer: true, (told, whyNot) =>
            {
                if (told is null)
                    NotWritten(whyNot);
                else if (!IsOver)
                    Send(hop, headers, where, told);
            });
    }

    /// <summary>Sends the INVITE.</summary>
    private void Send(Hop hop, List<HeaderLine> headers, CallerIdIn where, Content? offer)
    {
        _offer = offer;
        SentAt = Shard.Agent.Now;
        long rings = 1000L * (Step.RingTimeoutSeconds ?? Shard.Options.RingTimeoutSeconds);
        _ringsUntil = SentAt + rings;
        // Whoever rings on without hearing our CANCEL knows when it is over (RFC 3261 §13.2.1); a little later, so that the two do not cross.
        headers.Add(new HeaderLine("Expires", (ExpiresAfterRings + rings / 1000).ToString(CultureInfo.InvariantCulture)));
        // Silence is waited for to the end only where nothing else is left to try.
        (_ring = new RingTimer(this)).Start(Run.HasNext(HasAnotherAddress) ? Math.Min(rings, Shard.Options.NoResponseTimeoutMs) : rings);
        var leg = Shard.Agent.Invite(
            new OutgoingInvite
            {
                Hop = hop,
                RequestUri = _target.RequestUri,
                From = _callerId.From(hop.LocalHost, where),
                To = $"<{TargetAddress.WithoutParameters(_target.RequestUri)}>",
                Headers = headers,
                Content = _offer,
                Credentials = _target.Trunk is { UserName: { } user, Password: { } password } ? new Credentials(user, password) : null,
                Nat = _target.Trunk?.Nat ?? NatUse.Auto,
                MaxForwards = Call.MaxForwards - 1,
                BelongsTo = Call.Id,
                // Between two shards nothing is lost, and neither vanishes alone.
                Extensions = hop.IsInside ? [] : TrunkSessions.Of(_target.Trunk, _offer is not null),
            },
            this);
        // A transport can refuse at once, and then the attempt is over already.
        if (!IsOver)
            _session.Leg = _leg = leg;
    }

    private SipEvidence EvidenceOf(NoResponse why) => why switch
    {
        NoResponse.Timeout => SipEvidence.Local(LocalEvidence.NoResponse),
        NoResponse.Unreachable => SipEvidence.Local(LocalEvidence.TransportError, $"{_server} is unreachable (ICMP)"),
        _ => SipEvidence.Local(LocalEvidence.TransportError, _hop?.WhyClosed is { } closed ? $"{_server}: {closed}" : null),
    };

    private void OnRungLong()
    {
        if (_leg is not { WasHeard: true })
        {
            Shard.Servers.Failed(_server);
            Fail(SipEvidence.Local(LocalEvidence.NotHeard, $"{_server} said nothing in {Shard.Agent.Now - SentAt} ms"), HasAnotherAddress);
        }
        else if (Shard.Agent.Now < _ringsUntil)
            _ring!.Start(_ringsUntil - Shard.Agent.Now);
        else
        {
            Run.GiveUpServers();
            Fail(SipEvidence.Local(LocalEvidence.RingTimeout), Run.Redirects.HasMore);
        }
    }

    /// <summary>How long the target may say nothing, and then how long it may ring.</summary>
    private sealed class RingTimer(InviteTransfer attempt) : CallTimer(attempt.Call)
    {
        protected override void Fire() => attempt.OnRungLong();
    }

    private sealed class Resolution(InviteTransfer attempt) : HostResolution(attempt.Call)
    {
        protected override void OnResolved(FoundServers found)
        {
            if (attempt.IsOver)
                return;
            if (found.WhyNone is { } why)
            {
                attempt.Fail(SipEvidence.Local(LocalEvidence.HostNotFound, why), attempt.HasAnotherAddress);
                return;
            }
            attempt.Run.Try(attempt.Shard.Servers.Of(found, attempt.Shard.Agent.Random).Take(HostResolver.MostServersOfName));
            attempt.DialNext();
        }
    }
}
