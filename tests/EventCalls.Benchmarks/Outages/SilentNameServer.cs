using System.Net;
using System.Net.Sockets;

namespace EventCalls.Benchmarks.Outages;

/// <summary>A name server on a loopback address that knows one name, and can fall silent. It needs the right to use port 53.</summary>
internal sealed class SilentNameServer : IAsyncDisposable
{
    private readonly UdpClient _socket;
    private readonly byte[] _name;
    private readonly byte[] _address;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _answering;
    private volatile bool _isSilent;

    private SilentNameServer(UdpClient socket, byte[] name, byte[] address)
    {
        (_socket, _name, _address) = (socket, name, address);
        _answering = AnswerAsync();
    }

    public static SilentNameServer Start(string listen, string name, string address) => new(
        new UdpClient(new IPEndPoint(IPAddress.Parse(listen), 53)),
        [.. name.Split('.').SelectMany(label => System.Text.Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0],
        IPAddress.Parse(address).GetAddressBytes());

    /// <summary>Answers nothing for a while.</summary>
    public async Task BeSilentAsync(TimeSpan time)
    {
        _isSilent = true;
        await Task.Delay(time);
        _isSilent = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _answering;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync(_stopping.Token);
                if (!_isSilent && query.Buffer.Length > 16)
                    await _socket.SendAsync(Answer(query.Buffer), query.RemoteEndPoint, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // RFC 1035 §4.1: the header, the question as it came, and for an A question of our name one record whose time to live is 0.
    private byte[] Answer(byte[] query)
    {
        int end = Array.IndexOf(query, (byte)0, 12) + 1;
        bool isOurs = query.AsSpan(12, end - 12).SequenceEqual(_name);
        bool isA = query[end] == 0 && query[end + 1] == 1;
        var answer = new List<byte>(query[..(end + 4)]);
        (answer[2], answer[3]) = (0x81, (byte)(isOurs ? 0x80 : 0x83));
        (answer[6], answer[7]) = (0, (byte)(isOurs && isA ? 1 : 0));
        answer[8] = answer[9] = answer[10] = answer[11] = 0;
        if (isOurs && isA)
            answer.AddRange([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, .. _address]);
        return [.. answer];
    }
}
