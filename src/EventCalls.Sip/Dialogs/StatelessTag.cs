using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Dialogs;

/// <summary>A To tag that comes out the same for a retransmission, without being kept (RFC 3261 §8.2.7).</summary>
internal static class StatelessTag
{
    [ThreadStatic]
    private static byte[]? t_tag;

    /// <summary>The tag; valid until the next call on the same thread.</summary>
    public static ReadOnlySpan<byte> Of(SipMessage request)
    {
        var hash = new HashCode();
        hash.AddBytes(request.CallId);
        hash.AddBytes(request.FromTag);
        hash.Add(request.CSeqNumber);
        var tag = t_tag ??= new byte[10];
        Encoding.ASCII.GetBytes("s-", tag);
        hash.ToHashCode().TryFormat(tag.AsSpan(2), out _, "x8");
        return tag;
    }
}
