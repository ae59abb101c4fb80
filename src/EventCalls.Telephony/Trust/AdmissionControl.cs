using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.DigestServer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Trust;

/// <summary>Decides of a request, before anything is kept of it, whether it is a trunk's, what it must prove, and whether it is one too many. One for all shards; safe from any thread.</summary>
internal sealed class AdmissionControl(TelephonyOptions options, TrunkTable trunks, RefusalReport report, TimeProvider time)
{
    private readonly byte[][] _scanners = [.. options.Abuse.Scanners.Where(s => s.Length > 0).Select(Encoding.UTF8.GetBytes)];

    /// <summary>What is remembered of strangers.</summary>
    public SourceWatch Sources { get; } = new(options.Abuse, time);

    /// <summary>Whether a request outside a dialog may be a trunk's.</summary>
    public bool Admits(Hop hop) => !trunks.Roaming.IsEmpty || trunks.BySource(hop.Remote.Address) is not null;

    /// <summary>Whether connections from the address are taken.</summary>
    public bool MayConnect(IPAddress address) => trunks.MayConnect(address) && !Sources.IsBanned(address);

    /// <inheritdoc cref="IUserAgentHandler.Examine"/>
    public Admission Examine(SipMessage request, Hop hop, Leg? leg)
    {
        // In a dialog that we began the peer is whom we called: it knows tags that only it was told.
        if (leg is not null)
            return leg is IncomingLeg { AdmittedAs: Trunk { Proof.Digest: { } asks } its } ? Ask(asks, its, request, hop) : Admission.Taken;
        if (trunks.Of(request, hop) is not { } trunk)
            return Meet(request, hop);
        // An OPTIONS asks whether we are there, which a trunk of a known address may.
        var admission = trunk.Proof?.Digest is { } digest && (request.Method != SipMethod.Options || trunks.BySource(hop.Remote.Address) is null)
            ? Ask(digest, trunk, request, hop)
            : Admission.TakenAs(trunk);
        return trunk.Load.IsLimited && request.Method == SipMethod.Invite && admission.IsTaken ? Limit(trunk, request, hop) : admission;
    }

    /// <inheritdoc cref="IUserAgentHandler.OnRefused"/>
    public bool OnRefused(SipMessage message, Hop hop)
    {
        bool begins = message.IsRequest && message.ToTag.IsEmpty;
        if (IsScanner(message) && !trunks.Knows(hop.Remote.Address))
        {
            Refused(message, hop, RefusalCause.Scanner, "its User-Agent is one of Sip:Abuse:Scanners");
            return false;
        }
        if (begins && trunks.BySource(hop.Remote.Address) is not null)
            Refused(message, hop, RefusalCause.WrongToken, "it carries no token of the trunks that call from there; look at Trunks:NAME:TokenHeader and Token");
        else if (begins)
            Refused(message, hop, RefusalCause.Stranger, "no trunk calls from there; if one does, add the address to Trunks:NAME:From");
        else
            Refused(message, hop, RefusalCause.Stranger, "it is not the address of the call's other side, nor of a trunk; if it belongs to one, add it to Trunks:NAME:From");
        return trunks.Knows(hop.Remote.Address) || Sources.MayAnswer(hop.Remote.Address);
    }

    /// <summary>Somebody who has not said, or not rightly, who they are. As long as trunks are known by their user, they are asked.</summary>
    private Admission Meet(SipMessage request, Hop hop)
    {
        if (trunks.Roaming.Challenger is not { } challenger || IsScanner(request) || trunks.BySource(hop.Remote.Address) is not null)
            return Admission.Refused;
        // Nobody has the user, if one is named: the challenger finds out in the time it takes to look at one.
        return Sources.MayAnswer(hop.Remote.Address) ? Ask(challenger, null, request, hop) : Admission.Ignored;
    }

    private Admission Ask(DigestGuard digest, Trunk? trunk, SipMessage request, Hop hop)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var verdict = digest.Check(request, now);
        if (verdict == DigestVerdict.Right && trunk is not null)
            return Admission.TakenAs(trunk);
        if (verdict == DigestVerdict.Wrong)
            Refused(request, hop, RefusalCause.WrongPassword, trunk is null ? "no trunk has the user that it names" : $"its password is not the one of Trunks:{trunk.Name}:Digest");
        return Admission.Answered(401, digest.Challenge(request, now, verdict == DigestVerdict.Stale));
    }

    private Admission Limit(Trunk trunk, SipMessage invite, Hop hop)
    {
        if (trunk.Load.WhyFull(trunk.Name, time.GetUtcNow().ToUnixTimeMilliseconds()) is not { } why)
            return Admission.TakenAs(trunk);
        report.Of(invite, hop, RefusalCause.Overload, why);
        // Who was refused together is not to come again together.
        int seconds = options.RetryAfterSeconds + RandomNumberGenerator.GetInt32(options.RetryAfterSeconds + 1);
        return Admission.Answered(503, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n")));
    }

    private void Refused(SipMessage message, Hop hop, RefusalCause cause, string why)
    {
        var address = hop.Remote.Address;
        report.Of(message, hop, cause, why);
        // Anybody can forge a datagram's source: that must not cut off a carrier.
        if (!trunks.Knows(address) && Sources.Failed(address))
            report.Banned(address, options.Abuse.BanSeconds);
    }

    private bool IsScanner(SipMessage message)
    {
        if (_scanners.Length == 0 || !message.Has(HeaderId.UserAgent))
            return false;
        var agent = message.Header(HeaderId.UserAgent);
        foreach (byte[] scanner in _scanners)
        {
            if (agent.Length >= scanner.Length && SipText.EqualsIgnoreCase(agent[..scanner.Length], scanner))
                return true;
        }
        return false;
    }
}
