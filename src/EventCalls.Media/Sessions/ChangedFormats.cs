using System.Globalization;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Media.Sessions;

/// <summary>Writes a session description with other formats in some of its streams; all else stays as it is.</summary>
internal static class ChangedFormats
{
    /// <summary>Writes it.</summary>
    /// <param name="description">As it was.</param>
    /// <param name="changes">What is changed of each m-line; null for nothing.</param>
    public static byte[] Write(ReadOnlySpan<byte> description, IReadOnlyList<FormatChange?> changes)
    {
        var writer = new SipWriter(description.Length + 256);
        FormatChange? change = null;
        int index = -1;
        var rest = description;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd(" \r"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.StartsWith("m="u8))
            {
                Describe(writer, change);
                change = ++index < changes.Count ? changes[index] : null;
                if (change is not null && SdpMedia.TryParse(line[2..], out var media))
                {
                    Media(writer, line, media, change);
                    continue;
                }
            }
            else if (change is not null && IsOf(line, change.Dropped))
            {
                continue;
            }
            writer.Raw(line);
            writer.Crlf();
        }
        Describe(writer, change);
        return writer.Written.ToArray();
    }

    private static void Media(SipWriter writer, ReadOnlySpan<byte> line, SdpMedia media, FormatChange change)
    {
        // What stands before the formats stays, a number of ports behind the port too.
        writer.Raw(line[..(line.Length - media.Formats.Length)].TrimEnd((byte)' '));
        foreach (var (type, _) in change.InFront)
            writer.Raw($" {type}");
        var formats = media.Formats;
        while (SdpLine.TakeWord(ref formats) is { IsEmpty: false } word)
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int type) && change.Dropped.Contains(type))
                continue;
            writer.Raw(" "u8);
            writer.Raw(word);
        }
        foreach (var (type, _) in change.Behind)
            writer.Raw($" {type}");
        writer.Crlf();
    }

    private static void Describe(SipWriter writer, FormatChange? change)
    {
        foreach (var (type, format) in change?.Added ?? [])
        {
            writer.Raw($"a=rtpmap:{type} {format.Name}/{format.ClockRate}");
            if (format.Codec is { Channels: > 1 } codec)
                writer.Raw($"/{codec.Channels}");
            writer.Crlf();
            if (format.IsEvents)
                writer.Raw($"a=fmtp:{type} 0-15\r\n");
        }
    }

    private static bool IsOf(ReadOnlySpan<byte> line, List<int> types)
    {
        int start = line.StartsWith("a=rtpmap:"u8) ? 9 : line.StartsWith("a=fmtp:"u8) ? 7 : line.StartsWith("a=rtcp-fb:"u8) ? 10 : 0;
        if (start == 0)
            return false;
        var value = line[start..];
        return int.TryParse(SdpLine.TakeWord(ref value), NumberStyles.None, CultureInfo.InvariantCulture, out int type) && types.Contains(type);
    }
}
