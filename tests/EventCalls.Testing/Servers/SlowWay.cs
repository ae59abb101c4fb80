using System.Net;
using System.Net.Sockets;

namespace EventCalls.Testing;

/// <summary>A way of datagrams to a server of 127.0.0.1 and back that takes its time, of one client.</summary>
public sealed class SlowWay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _front = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _back = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TimeProvider _time;
    private readonly Task _there;
    private readonly Task _backAgain;
    private volatile EndPoint? _client;

    /// <summary>Opens it.</summary>
    /// <param name="server">The server's port.</param>
    /// <param name="time">The clock.</param>
    public SlowWay(int server, TimeProvider time)
    {
        _time = time;
        _front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _back.Connect(new IPEndPoint(IPAddress.Loopback, server));
        _there = MoveAsync(_front, datagram => _back.Send(datagram));
        _backAgain = MoveAsync(_back, datagram => _front.SendTo(datagram, _client!));
    }

    /// <summary>Where it begins.</summary>
    public int Port => ((IPEndPoint)_front.LocalEndPoint!).Port;

    /// <summary>How long a question and its answer are under way, both together.</summary>
    public TimeSpan Delay { get; set; }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_there, _backAgain);
        _front.Dispose();
        _back.Dispose();
        _stopping.Dispose();
    }

    private async Task MoveAsync(Socket from, Action<byte[]> send)
    {
        var buffer = new byte[ushort.MaxValue];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (from == _front)
                {
                    var received = await from.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                    _client = received.RemoteEndPoint;
                    _ = LaterAsync(buffer[..received.ReceivedBytes], send);
                }
                else
                {
                    int length = await from.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token);
                    _ = LaterAsync(buffer[..length], send);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Nobody is there for a while.
            }
        }
    }

    private async Task LaterAsync(byte[] datagram, Action<byte[]> send)
    {
        try
        {
            if (Delay > TimeSpan.Zero)
                await Task.Delay(Delay / 2, _time, _stopping.Token);
            send(datagram);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Lost, as a datagram may be.
        }
    }
}
