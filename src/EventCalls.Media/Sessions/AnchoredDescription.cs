using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Media.Dtls;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Media.Sessions;

/// <summary>Writes a session description anew, so that whoever reads it sends its media here (RFC 3264, RFC 8866).</summary>
/// <remarks>
/// What the two sides agree on stays as it is: streams, formats, directions. What says where media goes becomes ours, and what only holds
/// between two who talk to each other directly is left out: ICE candidates (RFC 8839 §4.2.1), where RTCP goes (RFC 3605), streams that share a port (RFC 9143), keys. What holds between us and the reader is written in their place.
/// </remarks>
internal static class AnchoredDescription
{
    /// <summary>In place of a port: the stream is none that can be relayed.</summary>
    public const int NotRelayed = -1;

    /// <summary>Writes it.</summary>
    /// <param name="description">As the other side wrote it.</param>
    /// <param name="shown">Our address.</param>
    /// <param name="ports">Our port for each m-line; 0 where the stream is refused, <see cref="NotRelayed"/> where it goes its own way.</param>
    /// <param name="streams">What the description says of each m-line.</param>
    /// <param name="termsOf">What holds between us and the reader for each m-line; null for one that is no RTP.</param>
    /// <param name="certificate">Gets the fingerprint of our certificate, which is made when it is first needed.</param>
    public static byte[] Write(
        ReadOnlySpan<byte> description, IPAddress shown, ReadOnlySpan<int> ports, IReadOnlyList<DescribedStream> streams, Func<int, StreamTerms?>? termsOf = null, Func<DtlsFingerprint>? certificate = null)
    {
        var writer = new SipWriter(description.Length + 128);
        ReadOnlySpan<byte> sessionAddress = default;
        int index = -1;
        bool isDirect = false;
        int port = 0;
        bool hasIce = streams.Any(static s => s.IceUser is not null);
        StreamTerms? terms = null;
        var rest = description;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd(" \r"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.IsEmpty)
                continue;
            if (line.StartsWith("m="u8))
            {
                if (index < 0 && termsOf is not null && Enumerable.Range(0, streams.Count).Any(i => termsOf(i)?.Ice is not null))
                    writer.Raw("a=ice-lite\r\n"u8);
                terms?.Write(writer, shown, port, certificate!);
                index++;
                port = index < ports.Length ? ports[index] : NotRelayed;
                isDirect = port == NotRelayed;
                bool isOpen = !isDirect && streams[index].Port != 0;
                terms = isOpen && port != 0 ? termsOf?.Invoke(index) : null;
                Media(writer, line, isOpen ? port : null, terms?.Keys);
                // It was where the session is, and the session is here now.
                if (isDirect && !sessionAddress.IsEmpty && !HasAddress(rest))
                    Copy(writer, sessionAddress);
            }
            else if (line.StartsWith("o="u8))
            {
                Origin(writer, line, shown);
            }
            else if (line.StartsWith("c="u8))
            {
                if (index < 0)
                    sessionAddress = line;
                // Who goes by candidates need not say an address yet (RFC 8840 §4.1.1).
                if (isDirect || (!hasIce && IsHeldTheOldWay(line)))
                    Copy(writer, line);
                else
                    Connection(writer, shown);
            }
            else if (isDirect || !IsBetweenTwo(line))
            {
                Copy(writer, line);
            }
        }
        terms?.Write(writer, shown, port, certificate!);
        return writer.Written.ToArray();
    }

    private static void Media(SipWriter writer, ReadOnlySpan<byte> line, int? port, StreamKeys? keys)
    {
        if (port is not { } ours)
        {
            Copy(writer, line);
            return;
        }
        _ = SdpMedia.TryParse(line[2..], out var media);
        writer.Raw("m="u8);
        writer.Raw(media.Kind);
        writer.Raw($" {ours} ");
        writer.Raw(keys is null ? media.Protocol : Encoding.ASCII.GetBytes(keys.Protocol));
        writer.Raw(" "u8);
        writer.Raw(media.Formats);
        writer.Crlf();
    }

    private static void Origin(SipWriter writer, ReadOnlySpan<byte> line, IPAddress shown)
    {
        var rest = line;
        var user = SdpLine.TakeWord(ref rest);
        var session = SdpLine.TakeWord(ref rest);
        var version = SdpLine.TakeWord(ref rest);
        if (version.IsEmpty)
        {
            Copy(writer, line);
            return;
        }
        writer.Raw(user);
        writer.Raw(" "u8);
        writer.Raw(session);
        writer.Raw(" "u8);
        writer.Raw(version);
        writer.Raw($" IN {TypeOf(shown)} {shown}\r\n");
    }

    private static void Connection(SipWriter writer, IPAddress shown) => writer.Raw($"c=IN {TypeOf(shown)} {shown}\r\n");

    private static string TypeOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4";

    private static bool IsHeldTheOldWay(ReadOnlySpan<byte> line) => line.EndsWith(" 0.0.0.0"u8);

    private static bool HasAddress(ReadOnlySpan<byte> behind)
    {
        var lines = new SdpLine(behind);
        while (lines.MoveNext() && lines.Type != (byte)'m')
        {
            if (lines.Type == (byte)'c')
                return true;
        }
        return false;
    }

    private static bool IsBetweenTwo(ReadOnlySpan<byte> line) =>
        line.StartsWith("a=candidate:"u8) || line.StartsWith("a=ice-"u8) || line.StartsWith("a=remote-candidates:"u8) || line.SequenceEqual("a=end-of-candidates"u8) || line.SequenceEqual("a=rtcp-mux"u8) || line.SequenceEqual("a=rtcp-mux-only"u8)
        || line.StartsWith("a=rtcp:"u8) || line.StartsWith("a=group:BUNDLE"u8) || line.SequenceEqual("a=bundle-only"u8)
        || line.StartsWith("a=crypto:"u8) || line.StartsWith("a=fingerprint:"u8) || line.StartsWith("a=setup:"u8) || line.StartsWith("a=connection:"u8) || line.StartsWith("a=tls-id:"u8);

    private static void Copy(SipWriter writer, ReadOnlySpan<byte> line)
    {
        writer.Raw(line);
        writer.Crlf();
    }
}
