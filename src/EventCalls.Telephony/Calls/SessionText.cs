using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Calls;

/// <summary>The little that a bridge must read and change in session descriptions it otherwise passes as they are.</summary>
internal static class SessionText
{
    /// <summary>Whether the body is one session description.</summary>
    public static bool Is(Content content) => content.Type.StartsWith("application/sdp", StringComparison.OrdinalIgnoreCase);

    /// <summary>The session description in a body: the body itself, or the first part of several that is one (RFC 5621 §3); empty when there is none.</summary>
    public static ReadOnlySpan<byte> In(Content content) =>
        Is(content) ? content.Body.Span : IsMultipart(content) ? BodyPart.Find(Encoding.ASCII.GetBytes(content.Type), content.Body.Span, "application/sdp"u8) : default;

    /// <summary>The body with another session description in place of its own.</summary>
    public static Content With(Content content, byte[] description)
    {
        if (Is(content))
            return content with { Body = description };
        var body = content.Body.Span;
        var before = In(content);
        if (before.IsEmpty || !body.Overlaps(before, out int start))
            return content;
        return content with { Body = (byte[])[.. body[..start], .. description, .. body[(start + before.Length)..]] };
    }

    private static bool IsMultipart(Content content) => content.Type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why the answer to an offer cannot be used; null when it can, or when one of them is in a form that only passes through here.</summary>
    public static string? WhyNotAnswer(Content offer, Content? answer)
    {
        if (answer is null)
            return "there is none";
        if (!Is(offer) || IsMultipart(answer))
            return null;
        return Is(answer) ? SdpMatch.WhyNot(offer.Body.Span, answer.Body.Span) : $"it is {CustomHeaders.Shown(answer.Type)}";
    }

    /// <summary>Whether both send the first audio stream's media to the same place.</summary>
    public static bool SameDestination(Content one, Content other) =>
        SdpView.TryParse(one.Body.Span, out var a)
        && SdpView.TryParse(other.Body.Span, out var b)
        && a.AudioPort == b.AudioPort
        && a.ConnectionAddress.SequenceEqual(b.ConnectionAddress);

    /// <summary>Whether who was told one description, and hears of another, need not be told that: media goes to the same place, by keys that it knows.</summary>
    public static bool SamePlace(Content told, Content now)
    {
        if (!SameDestination(told, now))
            return false;
        var rest = now.Body.Span;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? default : rest[(end + 1)..];
            // Keys keep, their tags do not.
            int key = line.StartsWith("a=crypto:"u8) ? line.IndexOf("inline:"u8) : line.StartsWith("a=fingerprint:"u8) ? 0 : -1;
            if (key >= 0 && told.Body.Span.IndexOf(line[key..]) < 0)
                return false;
        }
        return true;
    }

    /// <summary>Whether both say the same of media: all but their versions (RFC 8866 §5.2).</summary>
    public static bool SameMedia(Content one, Content other) => WithoutOrigin(one.Body.Span).SequenceEqual(WithoutOrigin(other.Body.Span));

    /// <summary>Whether both have the same formats in the first audio stream.</summary>
    public static bool SameFormats(Content one, Content other) =>
        SdpView.TryParse(one.Body.Span, out var a) && SdpView.TryParse(other.Body.Span, out var b) && a.AudioFormats.SequenceEqual(b.AudioFormats);

    /// <summary>The description with every stream open both ways; null when it is on hold in a way that cannot be undone.</summary>
    /// <remarks>A caller that was put on hold for a transfer keeps its ports; only the direction says that it is quiet.</remarks>
    public static Content? Activated(Content content)
    {
        if (!Is(content) || !SdpView.TryParse(content.Body.Span, out var view) || view.AudioPort == 0 || view.ConnectionAddress.SequenceEqual("0.0.0.0"u8))
            return Is(content) ? null : content;
        var body = content.Body.Span;
        if (body.IndexOf("a=inactive"u8) < 0 && body.IndexOf("a=sendonly"u8) < 0 && body.IndexOf("a=recvonly"u8) < 0)
            return content;
        var kept = new byte[body.Length];
        int length = 0;
        while (!body.IsEmpty)
        {
            int end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..(end + 1)];
            body = body[line.Length..];
            if (IsDirection(line))
                continue;
            line.CopyTo(kept.AsSpan(length));
            length += line.Length;
        }
        return content with { Body = kept.AsMemory(0, length) };
    }

    /// <summary>The description with every stream of it on hold; null when it is not one description by itself.</summary>
    public static Content? Held(Content content)
    {
        if (!Is(content))
            return null;
        var rest = content.Body.Span;
        var held = new SipWriter(rest.Length + 64);
        bool isMedia = false;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[line.Length..];
            if (line.StartsWith("m="u8) && isMedia)
                held.Raw(Inactive);
            isMedia |= line.StartsWith("m="u8);
            if (!IsDirection(line))
                held.Raw(line);
        }
        if (isMedia)
            held.Raw(Inactive);
        return content with { Body = held.Written.ToArray() };
    }

    private static ReadOnlySpan<byte> Inactive => "a=inactive\r\n"u8;

    private static bool IsDirection(ReadOnlySpan<byte> line) =>
        line.StartsWith("a=inactive"u8) || line.StartsWith("a=sendonly"u8) || line.StartsWith("a=recvonly"u8) || line.StartsWith("a=sendrecv"u8);

    /// <summary>What is behind the o-line.</summary>
    private static ReadOnlySpan<byte> WithoutOrigin(ReadOnlySpan<byte> body)
    {
        int start = body.IndexOf("\no="u8);
        int end = start < 0 ? -1 : body[(start + 1)..].IndexOf((byte)'\n');
        return end < 0 ? body : body[(start + 1 + end)..];
    }
}
