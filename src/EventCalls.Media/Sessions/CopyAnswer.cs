using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Media.Sessions;

/// <summary>Answers the offer of a copy: its first audio is taken in all of its formats, as nothing is turned into anything else, and all other streams are refused (RFC 3264 §6).</summary>
internal static class CopyAnswer
{
    /// <summary>The answer, with the offer's own addresses still in it.</summary>
    public static byte[] To(ReadOnlySpan<byte> offer)
    {
        var writer = new SipWriter(offer.Length + 16);
        bool isTaken = false;
        bool isCopied = true;
        var rest = offer;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd(" \r"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.StartsWith("m="u8))
            {
                isCopied = !isTaken && SdpMedia.TryParse(line[2..], out var media) && media is { IsAudio: true, Port: > 0 };
                isTaken |= isCopied;
                if (!isCopied)
                    Refuse(writer, line);
            }
            if (!isCopied || line.IsEmpty)
                continue;
            writer.Raw(line.SequenceEqual("a=sendonly"u8) ? "a=recvonly"u8 : line);
            writer.Crlf();
        }
        return writer.Written.ToArray();
    }

    private static void Refuse(SipWriter writer, ReadOnlySpan<byte> line)
    {
        var words = SipText.Get(line).Split(' ');
        if (words.Length > 1)
            words[1] = "0";
        writer.Raw(Encoding.ASCII.GetBytes(string.Join(' ', words)));
        writer.Crlf();
    }
}
