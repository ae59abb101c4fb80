using System.Net;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>The lines every response copies from its request, and where it goes.</summary>
internal static class ResponseHead
{
    /// <summary>Writes Via (with received and rport filled in), From, Call-ID and CSeq (RFC 3261 §8.2.6.2, §18.2.1; RFC 3581 §4).</summary>
    public static void Write(SipWriter writer, SipMessage request, Hop hop)
    {
        WriteVias(writer, request, hop);
        writer.Header(HeaderId.From, request.From);
        writer.Header(HeaderId.CallId, request.CallId);
        writer.Raw("CSeq: "u8);
        writer.Raw(request.Header(HeaderId.CSeq));
        writer.Crlf();
    }

    /// <summary>The hop a response takes: the connection, or the datagram's source port with rport, or the port of Via's sent-by.</summary>
    public static Hop HopFor(SipMessage request, Hop hop, ISipOutput output)
    {
        if (hop.IsReliable || request.ViaHasRport)
            return hop;
        int port = SentByPort(request);
        if (port == hop.Remote.Port)
            return hop;
        return output.HopTo(hop.Protocol, new IPEndPoint(hop.Remote.Address, port), hop) ?? hop;
    }

    /// <summary>The port the sender says it listens on.</summary>
    public static int SentByPort(SipMessage request) =>
        ViaField.TryParse(request.TopVia, out var via) && via.Port is > 0 and <= 65535 ? via.Port : 5060;

    private static void WriteVias(SipWriter writer, SipMessage request, Hop hop)
    {
        bool first = true;
        foreach (var via in request.Values(HeaderId.Via))
        {
            writer.Raw("Via: "u8);
            if (first)
                WriteTopVia(writer, via, request, hop);
            else
                writer.Raw(via);
            writer.Crlf();
            first = false;
        }
    }

    private static void WriteTopVia(SipWriter writer, ReadOnlySpan<byte> via, SipMessage request, Hop hop)
    {
        bool received = request.ViaHasRport || !SentByIs(via, hop);
        if (!received)
        {
            writer.Raw(via);
            return;
        }
        // Parameters that a sender made up itself are ours to say: drop them, then say them.
        int at = via.IndexOf((byte)';');
        if (at < 0)
            at = via.Length;
        writer.Raw(via[..at]);
        while (at < via.Length)
        {
            int end = via[(at + 1)..].IndexOf((byte)';');
            end = end < 0 ? via.Length : at + 1 + end;
            var parameter = via[at..end];
            var name = parameter[1..].TrimStart((byte)' ');
            if (!StartsWithName(name, "rport"u8) && !StartsWithName(name, "received"u8))
                writer.Raw(parameter);
            at = end;
        }
        writer.Raw(";received="u8);
        writer.Raw(hop.ReceivedBytes);
        if (request.ViaHasRport)
        {
            writer.Raw(";rport="u8);
            Span<byte> port = stackalloc byte[8];
            hop.Remote.Port.TryFormat(port, out int length);
            writer.Raw(port[..length]);
        }
    }

    private static bool StartsWithName(ReadOnlySpan<byte> parameter, ReadOnlySpan<byte> name)
    {
        if (parameter.Length < name.Length || !System.Text.Ascii.EqualsIgnoreCase(parameter[..name.Length], name))
            return false;
        var rest = parameter[name.Length..].TrimStart((byte)' ');
        return rest.IsEmpty || rest[0] == (byte)'=';
    }

    private static bool SentByIs(ReadOnlySpan<byte> via, Hop hop) =>
        ViaField.TryParse(via, out var field)
        && (field.Host.SequenceEqual(hop.ReceivedBytes) || (field.IsIPv6 && IPAddress.TryParse(SipText.Get(field.Host), out var address) && address.Equals(hop.Remote.Address)));
}
