using EventCalls.Media.Dtls;
using EventCalls.Media.Srtp;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Media.Sessions;

/// <summary>What a description says of how a stream's media is protected.</summary>
internal sealed record DescribedKeys
{
    /// <summary>Of a stream in the clear.</summary>
    public static DescribedKeys None { get; } = new();

    /// <summary>The keys that stand in it and that can be used here (RFC 4568).</summary>
    public IReadOnlyList<CryptoAttribute> Cryptos { get; private init; } = [];

    /// <summary>The certificates by which its writer is known (RFC 8122).</summary>
    public IReadOnlyList<DtlsFingerprint> Fingerprints { get; private init; } = [];

    /// <summary>Who begins the handshake (RFC 4145); empty when it does not say.</summary>
    public string Setup { get; private init; } = "";

    /// <summary>Reads the lines of a section, of the session or of a stream; what they do not say is as in the one before.</summary>
    public static DescribedKeys Read(ReadOnlySpan<byte> section, DescribedKeys before)
    {
        List<CryptoAttribute>? cryptos = null;
        List<DtlsFingerprint>? fingerprints = null;
        string? setup = null;
        var lines = new SdpLine(section);
        while (lines.MoveNext() && lines.Type != (byte)'m')
        {
            if (lines.Type != (byte)'a')
                continue;
            if (lines.Value.StartsWith("crypto:"u8) && CryptoAttribute.TryParse(SipText.Get(lines.Value["crypto:"u8.Length..]), out var crypto, out _))
                (cryptos ??= []).Add(crypto);
            else if (lines.Value.StartsWith("fingerprint:"u8) && DtlsFingerprint.TryParse(SipText.Get(lines.Value["fingerprint:"u8.Length..]), out var fingerprint))
                (fingerprints ??= []).Add(fingerprint);
            else if (lines.Value.StartsWith("setup:"u8))
                setup = SipText.Get(lines.Value["setup:"u8.Length..]);
        }
        return cryptos is null && fingerprints is null && setup is null
            ? before
            : new DescribedKeys { Cryptos = cryptos ?? before.Cryptos, Fingerprints = fingerprints ?? before.Fingerprints, Setup = setup ?? before.Setup };
    }
}
