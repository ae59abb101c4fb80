namespace EventCalls.Media.Sessions;

/// <summary>What moved between here and the peer of a leg, of its audio.</summary>
/// <param name="Received">Packets from the peer.</param>
/// <param name="ReceivedBytes">Their bytes, with RTP headers.</param>
/// <param name="Sent">Packets to the peer.</param>
/// <param name="Lost">Packets that the system did not take from us.</param>
/// <param name="Ignored">Datagrams of others than the peer, which were ignored.</param>
public readonly record struct MediaCounts(long Received, long ReceivedBytes, long Sent, long Lost, long Ignored);
