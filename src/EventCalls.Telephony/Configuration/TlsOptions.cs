namespace EventCalls.Telephony.Configuration;

/// <summary>Our certificate, and whose signatures on peers' are trusted.</summary>
public sealed record TlsOptions
{
    /// <summary>The file with our certificate: PEM, with the certificates between ours and the authority's behind it, or PKCS#12; read again when it changes. Null: no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>The PEM file with its key; null when it is in the same file.</summary>
    public string? Key { get; init; }

    /// <summary>What the key is encrypted with; null when it is not.</summary>
    public string? Password { get; init; }

    /// <summary>The PEM file of the authorities that are trusted; null: those the system trusts.</summary>
    public string? Authorities { get; init; }
}
