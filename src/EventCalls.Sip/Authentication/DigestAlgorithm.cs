namespace EventCalls.Sip.Authentication;

/// <summary>The hash functions of digest authentication, weakest first (RFC 8760 §2.1). .NET has no SHA-512/256.</summary>
internal enum DigestAlgorithm : byte
{
    Unsupported,
    Md5,
    Sha256,
}
