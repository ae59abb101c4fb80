using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

/// The same caller always comes to the same side of a split.
public sealed class PercentByHash : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes("split-2026:" + conv.CallerNumber), hash);
        uint bucket = BinaryPrimitives.ReadUInt32BigEndian(hash) % 100;
        conv.State.Set("bucket", bucket);
        return Handoff.Invite(bucket < 20 ? "4200" : "4100", outboundEndpoint: "pstn");
    }
}
