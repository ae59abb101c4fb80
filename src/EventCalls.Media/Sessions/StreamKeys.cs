using EventCalls.Media.Dtls;
using EventCalls.Media.Srtp;
using EventCalls.Sip.Messages;

namespace EventCalls.Media.Sessions;

/// <summary>How one stream of a leg is protected: as its peer asks, or where we ask first, as configured. It has no thread of its own.</summary>
/// <remarks>
/// It need not know which description is an offer and which an answer. What a peer offers is taken in the first way that we have; what we offer has our keys in it,
/// and the answer says which of them it took. A key of ours is kept as long as the peer goes on with its suite and tag, whoever describes the session again.
/// </remarks>
internal sealed class StreamKeys(MediaProtection asked)
{
    private IReadOnlyList<CryptoAttribute> _offered = [];
    private CryptoAttribute? _ours;
    private bool? _hasFeedback;
    private bool _isHeard;
    private bool _isOfferedByDtls;

    /// <summary>How it is protected, as far as it is agreed on; else as we ask.</summary>
    public MediaProtection Protection { get; private set; } = asked;

    /// <summary>Whether the peer asks for protection that we have not.</summary>
    public bool IsUnusable { get; private set; }

    /// <summary>The key of what we send; null without, or as long as none is agreed on.</summary>
    public SrtpMasterKey? Ours => Protection == MediaProtection.Sdes ? _ours?.Key : null;

    /// <summary>The key of what the peer sends.</summary>
    public SrtpMasterKey? Peers { get; private set; }

    /// <summary>The certificates that the peer may show; empty without DTLS.</summary>
    public IReadOnlyList<DtlsFingerprint> Fingerprints { get; private set; } = [];

    /// <summary>Our part in the handshake; null as long as that is not agreed on.</summary>
    public DtlsRole? Role { get; private set; }

    /// <summary>The peer has described the stream.</summary>
    public void Hear(bool isSecure, bool hasFeedback, DescribedKeys keys)
    {
        _hasFeedback = hasFeedback;
        bool isAnswer = _offered.Count > 0 || (!_isHeard && _isOfferedByDtls);
        _isHeard = true;
        IsUnusable = false;
        if (!isSecure)
        {
            Protection = MediaProtection.None;
            Peers = null;
        }
        else if (keys.Cryptos.Count > 0)
        {
            HearCryptos(keys.Cryptos);
        }
        else if (keys.Fingerprints.Count > 0)
        {
            Protection = MediaProtection.Dtls;
            // Known again, it goes on as it is.
            if (Role is null || !Same(keys.Fingerprints))
                Role = isAnswer ? DtlsSetup.Answered(keys.Setup) : DtlsSetup.Answering(keys.Setup);
            Fingerprints = keys.Fingerprints;
            IsUnusable = Role is null;
        }
        else
        {
            IsUnusable = true;
        }
        _offered = [];
    }

    /// <summary>The protocol for the m-line, in place of the other side's: the peer's own once it has said one, and else what phones take; those that speak DTLS are mostly browsers, which want feedback (RFC 8834 §4.2).</summary>
    public string Protocol => Protection switch
    {
        MediaProtection.None => _hasFeedback == true ? "RTP/AVPF" : "RTP/AVP",
        MediaProtection.Sdes => _hasFeedback == true ? "RTP/SAVPF" : "RTP/SAVP",
        _ => _hasFeedback == false ? "UDP/TLS/RTP/SAVP" : "UDP/TLS/RTP/SAVPF",
    };

    /// <summary>Writes what the peer is to know of our keys.</summary>
    public void Write(SipWriter writer, Func<DtlsFingerprint>? own)
    {
        switch (Protection)
        {
            case MediaProtection.Sdes when _ours is { } ours:
                writer.Raw($"a=crypto:{ours.Write()}\r\n");
                break;
            case MediaProtection.Sdes:
                if (_offered.Count == 0)
                    _offered = CryptoAttribute.Offer(SrtpSuite.All);
                foreach (var offered in _offered)
                    writer.Raw($"a=crypto:{offered.Write()}\r\n");
                break;
            case MediaProtection.Dtls:
                _isOfferedByDtls |= Role is null;
                writer.Raw($"a=fingerprint:{own?.Invoke()}\r\na=setup:{(Role is { } role ? DtlsSetup.Write(role) : DtlsSetup.Offer)}\r\n");
                break;
        }
    }

    private void HearCryptos(IReadOnlyList<CryptoAttribute> cryptos)
    {
        Protection = MediaProtection.Sdes;
        foreach (var heard in cryptos)
        {
            if (CryptoAttribute.Answered(_offered, heard) is not { } taken)
                continue;
            (_ours, Peers) = (taken, heard.Key);
            return;
        }
        if (CryptoAttribute.Choose(cryptos, SrtpSuite.All) is not { } chosen)
        {
            IsUnusable = true;
            return;
        }
        if (_ours is null || _ours.Tag != chosen.Tag || _ours.Suite != chosen.Suite)
            _ours = CryptoAttribute.Fresh(chosen.Tag, chosen.Suite);
        if (Peers is null || !Peers.IsSame(chosen.Key))
            Peers = chosen.Key;
    }

    private bool Same(IReadOnlyList<DtlsFingerprint> others) => Fingerprints.Select(f => f.ToString()).SequenceEqual(others.Select(f => f.ToString()), StringComparer.Ordinal);
}
