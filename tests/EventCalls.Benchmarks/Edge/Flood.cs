using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventCalls.Benchmarks.Edge;

/// <summary>INVITEs of somebody whom no trunk knows, at a steady rate, from an address of the machine's own that is not the callers'.</summary>
internal sealed class Flood : IAsyncDisposable
{
    private const int StepMs = 10;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sending;

    public Flood(int port, int rate)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        _socket.Blocking = false;
        _sending = SendAsync(port, rate);
    }

    /// <summary>How many were sent.</summary>
    public int Sent { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAsync(int port, int rate)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var heard = new byte[65_536];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(StepMs));
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                for (int due = (int)(clock.Elapsed.TotalSeconds * rate); Sent < due; Sent++)
                    _socket.Send(Invite(port, Sent));
                while (_socket.Available > 0)
                    _socket.Receive(heard);
            }
        }
        catch (OperationCanceledException)
        {
            // It was to end.
        }
    }

    private byte[] Invite(int port, int number) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"INVITE sip:refer@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {_socket.LocalEndPoint};branch=z9hG4bKflood{number};rport\r\nMax-Forwards: 70\r\nFrom: <sip:flood@127.0.0.2>;tag=f{number}\r\nTo: <sip:refer@127.0.0.1>\r\nCall-ID: flood{number}@127.0.0.2\r\nCSeq: 1 INVITE\r\nContact: <sip:flood@{_socket.LocalEndPoint}>\r\nContent-Length: 0\r\n\r\n"));
}
