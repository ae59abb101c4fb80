namespace EventCalls.Media.Dtls;

/// <summary>Who begins the handshake, by <c>a=setup:</c> (RFC 4145 §4, RFC 5763 §5).</summary>
internal static class DtlsSetup
{
    /// <summary>What our offers say: the answer chooses.</summary>
    public const string Offer = "actpass";

    /// <summary>
    /// Our role when we answer an offer; null when it cannot be answered (<c>holdconn</c> or nonsense). Offered the choice we begin:
    /// so the handshake does not wait for our answer to arrive (RFC 5763 §5).
    /// </summary>
    public static DtlsRole? Answering(ReadOnlySpan<char> offered) => offered switch
    {
        "actpass" or "passive" or "" => DtlsRole.Client,
        "active" => DtlsRole.Server,
        _ => null,
    };

    /// <summary>Our role after the answer to our offer; null when the answer makes no choice.</summary>
    public static DtlsRole? Answered(ReadOnlySpan<char> answer) => answer switch
    {
        "active" => DtlsRole.Server,
        "passive" => DtlsRole.Client,
        _ => null,
    };

    /// <summary>What an answer of ours says.</summary>
    public static string Write(DtlsRole role) => role == DtlsRole.Client ? "active" : "passive";
}
