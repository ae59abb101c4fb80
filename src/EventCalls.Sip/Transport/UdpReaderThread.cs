using System.Net.Sockets;

namespace EventCalls.Sip.Transport;

/// <summary>Reads a further datagram socket and hands what comes to the shard; the first one the shard reads itself.</summary>
internal sealed class UdpReaderThread(SipShard shard, UdpListener listener)
{
    public void Start() => TransportThread.Start($"sip-udp-{listener.Local.Port}", shard.Logger, Loop);

    private void Loop()
    {
        var buffer = new byte[65_536];
        var faults = new FaultPause(shard, $"Reading udp:{listener.Local}");
        while (!shard.IsStopping)
        {
            try
            {
                if (!listener.Socket.Poll(500_000, SelectMode.SelectRead))
                {
                    // An error ends the wait, and is nothing to be read.
                    listener.ReadErrors();
                    continue;
                }
                var hop = listener.Receive(buffer, out int length);
                if (hop is not null && length > 4 && shard.TryTakePlace(hop))
                    shard.Post(ReceivedMessage.Copy(shard, buffer.AsSpan(0, length), hop));
                faults.Over();
            }
            catch (Exception e)
            {
                faults.Pause(e);
            }
        }
    }
}
