namespace EventCalls.Telephony.Configuration;

/// <summary>What the Identity headers of calls are checked with (RFC 8224). Nothing is ever fetched for it.</summary>
public sealed record IdentityOptions
{
    /// <summary>The folder of the signers' certificates, each under the address by which headers name it: that of <c>https://cr.example.com/a/shaken.pem</c> is <c>cr.example.com/a/shaken.pem</c> in it, and with a port <c>cr.example.com_8443/a/shaken.pem</c>. PEM, with the certificates between it and the authority's behind it, or DER; read again when the folder changes; null: nothing is checked.</summary>
    public string? Certificates { get; init; }

    /// <summary>The PEM file of the authorities of which each certificate must be; null: those in the folder are trusted as they are.</summary>
    public string? Authorities { get; init; }

    /// <summary>How old a signature may be, and how far in the future, seconds, 1–86,400 (RFC 8224 §6.2 suggests 60).</summary>
    public int FreshSeconds { get; init; } = 60;
}
