using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.DigestServer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Trust;

/// <summary>Decides of a request, before anything is kept of it, whether it is a trunk's and what it must prove. One for all shards; safe from any thread.</summary>
internal sealed class AdmissionControl(TrunkTable trunks, RefusalReport report, TimeProvider time)
{
    /// <summary>Whether a request outside a dialog is looked at further.</summary>
    public bool Admits(Hop hop) => !trunks.Roaming.IsEmpty || trunks.BySource(hop.Remote.Address) is not null;

    /// <inheritdoc cref="IUserAgentHandler.Examine"/>
    public Admission Examine(SipMessage request, Hop hop, Leg? leg)
    {
        // In a dialog that we began the peer is whom we called: it knows tags that only it was told.
        if (leg is not null)
            return leg is IncomingLeg { AdmittedAs: Trunk { Proof.Digest: { } asks } its } ? Ask(asks, its, request, hop) : Admission.Taken;
        if (trunks.Of(request, hop) is not { } trunk)
            return Meet(request, hop);
        // An OPTIONS asks whether we are there, which a trunk of a known address may.
        return trunk.Proof?.Digest is { } digest && (request.Method != SipMethod.Options || trunks.BySource(hop.Remote.Address) is null)
            ? Ask(digest, trunk, request, hop)
            : Admission.Taken;
    }

    /// <summary>Somebody who has not said, or not rightly, who they are.</summary>
    private Admission Meet(SipMessage request, Hop hop)
    {
        if (trunks.BySource(hop.Remote.Address) is not null)
        {
            report.Of(request, hop, RefusalCause.WrongToken, "it carries no token of the trunks that call from there; look at Trunks:NAME:TokenHeader and Token");
            return Admission.Refused;
        }
        if (trunks.Roaming.Challenger is not { } challenger)
        {
            report.Of(request, hop, RefusalCause.Stranger, "no trunk calls from there, and it carries no trunk's token; if one does, add the address to Trunks:NAME:From");
            return Admission.Refused;
        }
        // The user is none: the challenger says so, in the time it takes to look at one.
        return Ask(challenger, null, request, hop);
    }

    private Admission Ask(DigestGuard digest, Trunk? trunk, SipMessage request, Hop hop)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var verdict = digest.Check(request, now);
        if (verdict == DigestVerdict.Right && trunk is not null)
            return Admission.Taken;
        if (verdict == DigestVerdict.Wrong)
            report.Of(request, hop, RefusalCause.WrongPassword, trunk is null ? "no trunk has the user that it names" : $"its password is not the one of Trunks:{trunk.Name}:Digest");
        return Admission.Answered(401, digest.Challenge(request, now, verdict == DigestVerdict.Stale));
    }
}
