using EventCalls.Contracts;

namespace EventCalls.Routing;

/// <summary>What an Identity header claims of the call (RFC 8224, RFC 8225): its PASSporT as it was received, and what the check of it came to.</summary>
public sealed record Passport
{
    private Passport()
    {
    }

    /// <summary>Whether it is signed by whom we trust, lately, for this caller and this number. <b>Unless it is valid, everything else here is a claim.</b></summary>
    public IdentityVerdict Verdict { get; init; }

    /// <summary>Why it is not valid, or was not checked; null when it is valid, and when nothing is configured to check it with.</summary>
    public IdentityProblem? Problem { get; init; }

    /// <summary>How far the signer vouches for the number: <c>A</c>, <c>B</c> or <c>C</c> (RFC 8588 §4); null when it does not say.</summary>
    public string? Attestation { get; init; }

    /// <summary>The caller's number or URI; null when there is none.</summary>
    public string? Originating { get; init; }

    /// <summary>The dialled numbers and URIs.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>Whom the call was for before it was diverted (RFC 8946); null when it does not say.</summary>
    public string? Diverted { get; init; }

    /// <summary>When it was signed, UTC.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The signer's own id of where the call came from (RFC 8588 §5); null when there is none.</summary>
    public string? OriginationId { get; init; }

    /// <summary>The kind of PASSporT, such as <c>shaken</c> or <c>div</c>; null for none.</summary>
    public string? Kind { get; init; }

    /// <summary>Where the signer's certificate is; null when it is not said.</summary>
    public string? Certificate { get; init; }

    /// <summary>Reads the value of one Identity header field; null when it holds no PASSporT in full form. Nothing of it is checked.</summary>
    public static Passport? Parse(string? value) => Of(value, null);

    internal static Passport? Of(string? value, IdentityCheck? check) => PassportToken.Parse(value) is not { } token ? null : new Passport
    {
        Verdict = check?.Verdict ?? IdentityVerdict.Unchecked,
        Problem = check?.Problem,
        Attestation = token.Attestation,
        Originating = token.Originating.Count > 0 ? token.Originating[0] : null,
        Destinations = token.Destinations,
        Diverted = token.Diverted.Count > 0 ? token.Diverted[0] : null,
        IssuedAt = token.IssuedAt,
        OriginationId = token.OriginationId,
        Kind = token.Kind,
        Certificate = token.Certificate,
    };
}
