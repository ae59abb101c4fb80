using System.Buffers.Text;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Extensions.Identity;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Trust.Signatures;

/// <summary>Checks the Identity headers of INVITEs with the certificates that are configured (RFC 8224 §6.2, RFC 8588 §7, RFC 8946 §5). Safe from any thread.</summary>
internal sealed class SignatureCheck(SignerCertificates certificates, TimeSpan fresh, TimeProvider time) : ICallerCheck
{
    private const string Shaken = "shaken";
    private const string Div = "div";
    private const int SignatureBytes = 64;

    // A signature costs about as much as all the rest of a call; carriers send one or two, and one more for each diversion.
    private const int Most = 8;

    /// <inheritdoc />
    public IReadOnlyList<IdentityCheck>? Check(SipMessage invite)
    {
        List<Claim>? claims = null;
        CallNames? names = null;
        for (int i = 0; i < invite.HeaderCount; i++)
        {
            if (invite[i].Id != HeaderId.Identity)
                continue;
            names ??= CallNames.Of(invite);
            claims ??= [];
            claims.Add(claims.Count < Most ? Examine(IdentityField.Of(invite[i].Value, invite, names), names, time.GetUtcNow()) : new Claim { Problem = IdentityProblem.TooMany });
        }
        if (claims is null)
            return null;
        Follow(claims, names!);
        return [.. claims.Select(c => c.Result)];
    }

    /// <summary>Everything that one header says by itself; the cheap first.</summary>
    private Claim Examine(IdentityField field, CallNames names, DateTimeOffset now)
    {
        var token = PassportToken.Parse(field.Token);
        var claim = new Claim { Token = token, Kind = token?.Kind ?? field.Kind };
        claim.Problem = ProblemOf(field, claim, names, now);
        return claim;
    }

    private IdentityProblem? ProblemOf(IdentityField field, Claim claim, CallNames names, DateTimeOffset now)
    {
        if (claim.Kind is not (null or Shaken or Div))
            return IdentityProblem.UnknownKind;
        if (claim.Token is not { } token || field.Info is not { } info)
            return IdentityProblem.Malformed;
        if (token.Kind != field.Kind || token.Algorithm != field.Algorithm || token.Certificate != info)
            return IdentityProblem.ParametersDiffer;
        if (token.Algorithm != "ES256")
            return IdentityProblem.UnknownAlgorithm;
        if (!IsComplete(token) || CallNames.OfClaim(token.Originating[0]) is not { } caller)
            return IdentityProblem.Malformed;
        if ((now - token.IssuedAt!.Value).Duration() > fresh)
            return IdentityProblem.Stale;
        if (!names.Caller.Contains(caller))
            return IdentityProblem.OtherCaller;
        if (certificates.At(info) is not { } certificate)
            return IdentityProblem.UnknownCertificate;
        // Who diverts signs for the number that it diverts, and repeats who calls (RFC 8946 §3).
        string? subject = token.Kind == Div ? CallNames.OfClaim(token.Diverted[0]) : caller;
        if (subject is null || !certificate.IsGoodFor(subject, now))
            return IdentityProblem.UntrustedCertificate;
        Span<byte> signature = stackalloc byte[SignatureBytes];
        return Base64Url.TryDecodeFromChars(token.Signature, signature, out int length) && length == SignatureBytes && certificate.HasSigned(Encoding.ASCII.GetBytes(token.Signed), signature)
            ? null : IdentityProblem.WrongSignature;
    }

    private static bool IsComplete(PassportToken token) =>
        token.Type == "passport" && token.IssuedAt is not null && token.Originating.Count == 1 && token.Destinations.Count > 0
        && (token.Kind != Shaken || (token.Attestation is "A" or "B" or "C" && token.OriginationId is { Length: > 0 }))
        && (token.Kind != Div || token.Diverted.Count == 1);

    /// <summary>Whether each was signed for this call: for the number that is called, or for one from which signatures say that it was diverted.</summary>
    private static void Follow(List<Claim> claims, CallNames names)
    {
        var reached = new HashSet<string>(names.Called, StringComparer.Ordinal);
        var sound = claims.FindAll(c => c.Problem is null);
        var diverted = sound.FindAll(c => c.Kind == Div);
        while (diverted.Find(d => d.IsFor(reached)) is { } next)
        {
            diverted.Remove(next);
            reached.Add(next.DivertedFrom!);
        }
        foreach (var claim in sound)
        {
            if (!claim.IsFor(reached))
                claim.Problem = IdentityProblem.OtherCallee;
        }
        // A diversion without the call that was diverted says nothing of the caller.
        foreach (var claim in sound.Where(c => c.Kind == Div && c.Problem is null))
        {
            if (!sound.Exists(o => o != claim && o.Problem is null && o.IsFor([claim.DivertedFrom!])))
                claim.Problem = IdentityProblem.NotDiverted;
        }
    }

    private sealed class Claim
    {
        public PassportToken? Token { get; init; }

        public string? Kind { get; init; }

        public IdentityProblem? Problem { get; set; }

        public string? DivertedFrom => Token!.Diverted is [{ } from] ? CallNames.OfClaim(from) : null;

        public IdentityCheck Result => new()
        {
            Kind = Kind,
            Verdict = Problem switch
            {
                null => IdentityVerdict.Valid,
                IdentityProblem.UnknownKind or IdentityProblem.UnknownCertificate or IdentityProblem.TooMany => IdentityVerdict.Unchecked,
                _ => IdentityVerdict.Invalid,
            },
            Problem = Problem,
        };

        public bool IsFor(HashSet<string> names) => Token!.Destinations.Any(d => CallNames.OfClaim(d) is { } name && names.Contains(name));
    }
}
