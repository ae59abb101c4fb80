using EventCalls.Media.Srtp;

namespace EventCalls.Media.Dtls;

/// <summary>What a handshake gives: the key for what we send, and the one for what the peer sends.</summary>
internal sealed record DtlsKeys(SrtpMasterKey Ours, SrtpMasterKey Peers);
