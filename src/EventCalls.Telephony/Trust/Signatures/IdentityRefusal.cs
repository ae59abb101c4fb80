using EventCalls.Contracts;

namespace EventCalls.Telephony.Trust.Signatures;

/// <summary>How a call is refused for whose caller nobody vouches (RFC 8224 §6.2.2).</summary>
/// <param name="Status">The SIP status.</param>
/// <param name="Phrase">Its reason phrase; null for the usual one.</param>
/// <param name="Why">Why, for the log.</param>
internal sealed record IdentityRefusal(int Status, string? Phrase, string Why)
{
    /// <summary>How; null when one of the headers is valid.</summary>
    public static IdentityRefusal? Of(IReadOnlyList<IdentityCheck>? checks)
    {
        if (checks is null or { Count: 0 })
            return new IdentityRefusal(428, null, "it carries no Identity header");
        if (IdentityCheck.Of(checks) == IdentityVerdict.Valid)
            return null;
        string why = string.Join(", ", checks);
        // What cannot be checked for its kind is as good as not there; of the others the first says what its sender may mend.
        foreach (var check in checks)
        {
            if (check.Problem is { } problem and not (IdentityProblem.UnknownKind or IdentityProblem.TooMany))
                return new IdentityRefusal(StatusOf(problem), problem == IdentityProblem.Stale ? "Stale Date" : null, why);
        }
        return new IdentityRefusal(428, null, why);
    }

    private static int StatusOf(IdentityProblem problem) => problem switch
    {
        IdentityProblem.Stale => 403,
        IdentityProblem.UnknownCertificate => 436,
        IdentityProblem.UntrustedCertificate => 437,
        _ => 438,
    };
}
