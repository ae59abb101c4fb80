using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What the check of one Identity header of an INVITE came to (RFC 8224 §6.2).</summary>
public sealed record IdentityCheck
{
    private const string Diverted = "div";

    /// <summary>The kind of PASSporT, such as <c>shaken</c> or <c>div</c>; null for the one without a name, and when it cannot be read.</summary>
    public string? Kind { get; init; }

    /// <summary>What it came to.</summary>
    public required IdentityVerdict Verdict { get; init; }

    /// <summary>Why it is not valid, or was not checked; null when it is valid.</summary>
    public IdentityProblem? Problem { get; init; }

    /// <summary>What the checks of one call's headers come to: valid as soon as one is that says who calls; what says whom the call was for before (<c>div</c>) vouches for no caller alone.</summary>
    public static IdentityVerdict Of(IReadOnlyList<IdentityCheck>? checks)
    {
        var verdict = IdentityVerdict.Unchecked;
        for (int i = 0; i < (checks?.Count ?? 0); i++)
        {
            var check = checks![i];
            if (check.Verdict == IdentityVerdict.Valid && check.Kind != Diverted)
                return IdentityVerdict.Valid;
            if (check.Verdict == IdentityVerdict.Invalid)
                verdict = IdentityVerdict.Invalid;
        }
        return verdict;
    }

    /// <summary>The check as it is written for people: <c>shaken valid</c>, <c>div invalid (stale)</c>.</summary>
    public override string ToString()
    {
        string verdict = Kind is null ? WireName.Of(Verdict) : $"{Kind} {WireName.Of(Verdict)}";
        return Problem is { } problem ? $"{verdict} ({WireName.Of(problem)})" : verdict;
    }
}

/// <summary>Whether what an Identity header says is vouched for; snake_case in JSON.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdentityVerdict>))]
public enum IdentityVerdict
{
    /// <summary>Nobody knows: nothing is configured to check it with, its certificate is not there, or its kind is not known here.</summary>
    [JsonStringEnumMemberName("unchecked")]
    Unchecked,

    /// <summary>It is signed by whom we trust, lately, for this caller and this number.</summary>
    [JsonStringEnumMemberName("valid")]
    Valid,

    /// <summary>It is not.</summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,
}

/// <summary>Why an Identity header is not valid, or was not checked; snake_case in JSON.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdentityProblem>))]
public enum IdentityProblem
{
    /// <summary>It holds no PASSporT, or one that lacks what its kind must say.</summary>
    [JsonStringEnumMemberName("malformed")]
    Malformed,

    /// <summary>A kind of PASSporT that is not checked here: neither <c>shaken</c> nor <c>div</c> nor the one without a name.</summary>
    [JsonStringEnumMemberName("unknown_kind")]
    UnknownKind,

    /// <summary>Signed by another algorithm than ES256 (RFC 8225 §8).</summary>
    [JsonStringEnumMemberName("unknown_algorithm")]
    UnknownAlgorithm,

    /// <summary>The header's parameters say something else than the PASSporT (<c>alg</c>, <c>ppt</c>, or <c>info</c> and <c>x5u</c>).</summary>
    [JsonStringEnumMemberName("parameters_differ")]
    ParametersDiffer,

    /// <summary>The certificate that it names is none of those that are configured.</summary>
    [JsonStringEnumMemberName("unknown_certificate")]
    UnknownCertificate,

    /// <summary>The certificate is of no authority that is trusted, not valid now, of another kind of key, or not for this number (RFC 8226 §9).</summary>
    [JsonStringEnumMemberName("untrusted_certificate")]
    UntrustedCertificate,

    /// <summary>The signature is not that of the certificate's key.</summary>
    [JsonStringEnumMemberName("wrong_signature")]
    WrongSignature,

    /// <summary>Signed too long ago, or in the future.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>Signed for another caller.</summary>
    [JsonStringEnumMemberName("other_caller")]
    OtherCaller,

    /// <summary>Signed for a call to another number.</summary>
    [JsonStringEnumMemberName("other_callee")]
    OtherCallee,

    /// <summary>No other PASSporT of the call is for the number that it says the call was diverted from (RFC 8946 §5).</summary>
    [JsonStringEnumMemberName("not_diverted")]
    NotDiverted,

    /// <summary>The call carries more Identity headers than are checked.</summary>
    [JsonStringEnumMemberName("too_many")]
    TooMany,
}
