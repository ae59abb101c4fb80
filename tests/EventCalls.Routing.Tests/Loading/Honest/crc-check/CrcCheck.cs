/// A check sum over an order number, by a table that is computed at the start.
public sealed class CrcCheck : RoutingLogic
{
    private static readonly uint[] s_table = MakeTable();

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint c = i;
            for (int k = 0; k < 8; k++)
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[i] = c;
        }

        return table;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            crc = s_table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    public override Decision Start(Conversation conv)
    {
        string order = conv.SipHeaders["X-Order"] ?? "";
        uint crc = Crc32(System.Text.Encoding.ASCII.GetBytes(order));
        return Handoff.Invite("4300", outboundEndpoint: "pstn").WithHeader("X-Check", crc.ToString("x8"));
    }
}
