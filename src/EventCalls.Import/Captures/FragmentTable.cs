namespace EventCalls.Import.Captures;

/// <summary>Puts fragmented packets together, with a bound on what it holds: by time, by number and by bytes.</summary>
internal sealed class FragmentTable(ImportProblems problems)
{
    /// <summary>How many packets may be incomplete at once.</summary>
    public const int MostPackets = 4_096;

    private const int MostBytes = 16 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_repeated = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Key, FragmentedPacket> _packets = [];
    private readonly Queue<(Key Key, FragmentedPacket Packet)> _oldest = new();
    private long _bytes;

    /// <summary>Takes a fragment in; true when it completes its packet.</summary>
    public bool TryComplete(IpPacket fragment, DateTimeOffset time, long offset, out IpPacket whole)
    {
        whole = default;
        Forget(time);
        if (fragment.Missing > 0)
            fragment = fragment.Patched();
        // The protocol is no part of it in IPv6: only the first fragment is sure to say it (RFC 8200 §4.5).
        var key = new Key(fragment.Source, fragment.Destination, fragment.FragmentId, fragment.Source.IsIPv6 ? (byte)0 : fragment.Protocol);
        if (_packets.TryGetValue(key, out var packet) && packet.IsDone)
        {
            // A capture that sees a packet twice sees its fragments again; later the number is that of another packet.
            if (time - packet.Since <= s_repeated)
                return false;
            _packets.Remove(key);
            packet = null;
        }
        if (packet is null)
        {
            packet = new FragmentedPacket(time, offset);
            _packets.Add(key, packet);
            _oldest.Enqueue((key, packet));
        }
        long before = packet.Size;
        if (!packet.Add(fragment))
        {
            problems.AtOffset(offset, "an IP fragment lies outside the packet it belongs to");
            return false;
        }
        _bytes += packet.Size - before;
        if (!packet.IsComplete)
            return false;
        _bytes -= packet.Size;
        whole = fragment with { Payload = packet.Take(), Protocol = packet.Protocol, FragmentOffset = 0, HasMoreFragments = false, IsPatched = packet.IsPatched };
        return true;
    }

    /// <summary>Gives up what is still incomplete.</summary>
    public void End()
    {
        while (_oldest.TryDequeue(out var oldest))
            GiveUp(oldest.Key, oldest.Packet);
    }

    private void Forget(DateTimeOffset now)
    {
        while (_oldest.TryPeek(out var oldest)
            && (_oldest.Count >= MostPackets || _bytes > MostBytes || now - oldest.Packet.Since > s_patience))
        {
            _oldest.Dequeue();
            GiveUp(oldest.Key, oldest.Packet);
        }
    }

    private void GiveUp(Key key, FragmentedPacket packet)
    {
        if (_packets.TryGetValue(key, out var held) && held == packet)
            _packets.Remove(key);
        if (packet.IsDone)
            return;
        _bytes -= packet.Size;
        problems.AtOffset(packet.Offset, $"an IP packet from {key.Source.ToIPAddress()} to {key.Destination.ToIPAddress()} lacks fragments");
    }

    private readonly record struct Key(NetAddress Source, NetAddress Destination, uint Id, byte Protocol);
}
