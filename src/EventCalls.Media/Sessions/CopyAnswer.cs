using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Media.Sessions;

/// <summary>Answers an engine's offer of a copy: its first audio is taken in all of its formats, as nothing is turned into anything else, and no other stream.</summary>
/// <remarks>An engine takes no refusal of a dynamic format that it has a name for, if it is without it, and none that has one where it has not. So what is behind the audio is not spoken of at all, unlike RFC 3264 §6 wants it.</remarks>
internal static class CopyAnswer
{
    /// <summary>The answer, with the offer's own addresses still in it.</summary>
    public static byte[] To(ReadOnlySpan<byte> offer)
    {
        var writer = new SipWriter(offer.Length + 16);
        bool isTaken = false;
        bool isSpokenOf = true;
        bool isNamed = true;
        var rest = offer;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd(" \r"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.StartsWith("m="u8))
            {
                if (isTaken)
                    break;
                bool isOpen = SdpMedia.TryParse(line[2..], out var media) && media.Port > 0;
                isSpokenOf = isTaken = isOpen && media.IsAudio;
                isNamed = isOpen;
                if (!isTaken)
                    Refuse(writer, line);
            }
            if (line.IsEmpty || !(isSpokenOf || (isNamed && line.StartsWith("a=rtpmap:"u8))))
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
