using System.Net;

namespace EventCalls.Testing.Sip;

/// <summary>A message that was sent on a <see cref="VirtualNetwork"/>.</summary>
public sealed record Sent(long At, IPEndPoint From, IPEndPoint To, string Text)
{
    /// <summary>The request or status line.</summary>
    public string StartLine => Text[..Math.Max(0, Text.IndexOf("\r\n", StringComparison.Ordinal))];

    /// <summary>The method of a request, or the status of a response, as text: <c>INVITE</c>, <c>200</c>.</summary>
    public string Kind => StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? StartLine.Substring(8, 3) : StartLine.Split(' ')[0];

    /// <summary>The method named in CSeq.</summary>
    public string CSeqMethod => Header("CSeq")?.Split(' ')[^1] ?? "";

    /// <summary>The first header of a name; null when there is none.</summary>
    public string? Header(string name) => Headers(name).FirstOrDefault();

    /// <summary>All headers of a name.</summary>
    public IEnumerable<string> Headers(string name)
    {
        foreach (var line in Text.Split("\r\n"))
        {
            if (line.Length == 0)
                yield break;
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                yield return line[(name.Length + 1)..].Trim();
        }
    }

    /// <summary>The body.</summary>
    public string Body => Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
