using System.Net.Sockets;
using EventCalls.Media.Audio;
using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <summary>What an engine is asked to write for one side, whatever the other side wants: encryption, ICE, RTCP, addresses.</summary>
internal static class NgTerms
{
    // What protects nothing, and what nobody has; those that are left are the ones of RFC 4568, 6188 and 7714.
    private static readonly string[] s_suites = [.. new[] { "NULL_HMAC_SHA1_80", "NULL_HMAC_SHA1_32", "F8_128_HMAC_SHA1_80", "F8_128_HMAC_SHA1_32" }.Select(static suite => "no-" + suite)];

    /// <summary>Adds what holds for whoever is to be told a description.</summary>
    /// <param name="fields">The question's fields.</param>
    /// <param name="from">Whose description it is made of.</param>
    /// <param name="to">The side.</param>
    /// <param name="keepsPorts">Whether both keep the ports that they have, whoever they are told of.</param>
    /// <param name="heard">What that side last described; empty as long as it described nothing.</param>
    /// <param name="isOffer">Whether it is an offer; in an answer the engine does what it was offered.</param>
    public static void AddTo(Dictionary<string, NgValue> fields, RtpengineSide from, RtpengineSide to, bool keepsPorts, ReadOnlySpan<byte> heard, bool isOffer)
    {
        var known = DescribedStream.ReadAll(heard).Find(static s => s is { IsRtp: true, Port: > 0 });
        fields["replace"] = NgValue.ListOf("origin", "session-connection");
        var flags = new List<string> { "trust-address", "strict-source", "pad-crypto" };
        if (keepsPorts)
            flags.Add("port-latching");
        // This node sends from where it says: whoever went on sending to a port that is used again would be heard as it.
        if (from.IsHere)
            flags.Add("asymmetric");
        fields["flags"] = NgValue.ListOf([.. flags]);
        fields["address family"] = NgValue.Of(to.Family == AddressFamily.InterNetworkV6 ? "IP6" : "IP4");
        fields["ICE"] = NgValue.Of(known?.IceUser is null ? "remove" : "force");
        fields["SDES"] = NgValue.ListOf(s_suites);
        if (!isOffer)
            return;
        fields["rtcp-mux"] = known is { IsMuxed: true } ? NgValue.ListOf("offer", "accept") : NgValue.ListOf("demux");
        var protection = known is null ? to.Asked : !known.IsSecure ? MediaProtection.None : known.Keys.Cryptos.Count == 0 ? MediaProtection.Dtls : MediaProtection.Sdes;
        // Those that speak DTLS are mostly browsers, which want feedback (RFC 8834 §4.2).
        bool hasFeedback = known?.HasFeedback ?? protection == MediaProtection.Dtls;
        fields["transport-protocol"] = NgValue.Of(Protocol(protection) + (hasFeedback ? "F" : ""));
        if (protection == MediaProtection.Sdes)
            fields["DTLS"] = NgValue.Of("off");
        else if (protection == MediaProtection.Dtls)
            fields["SDES"] = NgValue.ListOf("off");
    }

    /// <summary>Adds that an offer is to name, behind its own, those of our codecs that are not in it: the engine turns them into what is.</summary>
    public static void AddCodecsTo(Dictionary<string, NgValue> fields) =>
        fields["codec"] = NgValue.Of([KeyValuePair.Create("transcode", NgValue.ListOf([.. AudioCodec.All.Select(static codec => codec.Name)]))]);

    private static string Protocol(MediaProtection protection) => protection switch
    {
        MediaProtection.Sdes => "RTP/SAVP",
        MediaProtection.Dtls => "UDP/TLS/RTP/SAVP",
        _ => "RTP/AVP",
    };
}
