using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EventCalls.Testing;

/// <summary>What a network does to datagrams.</summary>
/// <param name="Loss">How many of them are lost, 0–1.</param>
/// <param name="Duplication">How many arrive twice, 0–1.</param>
/// <param name="MostDelayMs">How long they travel at most, milliseconds; each its own time, so that they overtake each other.</param>
public sealed record NetworkFaults(double Loss = 0.2, double Duplication = 0.05, int MostDelayMs = 60);

/// <summary>A relay of datagrams on 127.0.0.1 that loses, doubles, delays and reorders them, both ways; each that sends to it gets a port of its own towards the other side, as behind a translation of addresses.</summary>
/// <remarks>Which datagrams it does what to comes of the seed and of the order in which they come.</remarks>
public sealed class LossyRelay : IAsyncDisposable
{
    private readonly UdpClient _front = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly ConcurrentDictionary<IPEndPoint, UdpClient> _behind = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPEndPoint _target;
    private readonly NetworkFaults _faults;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private int _lost;
    private int _lostForth;
    private int _passed;

    /// <summary>Starts it before a port of this machine.</summary>
    public LossyRelay(int target, NetworkFaults faults, int seed, TimeProvider time)
    {
        _target = new IPEndPoint(IPAddress.Loopback, target);
        _faults = faults;
        _time = time;
        _random = new Random(seed);
        _front.Client.ReceiveBufferSize = 1 << 22;
        _tasks.Add(ReceiveAsync(_front, (from, bytes) => Pass(BehindOf(from), _target, bytes)));
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_front.Client.LocalEndPoint!).Port;

    /// <summary>How many datagrams it lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>How many of those it lost were on their way to the other side, not back.</summary>
    public int LostForth => Volatile.Read(ref _lostForth);

    /// <summary>How many it passed on, the doubled ones once.</summary>
    public int Passed => Volatile.Read(ref _passed);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_tasks);
        _front.Dispose();
        foreach (var socket in _behind.Values)
            socket.Dispose();
        _stopping.Dispose();
    }

    private UdpClient BehindOf(IPEndPoint from) => _behind.GetOrAdd(from, _ =>
    {
        var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Client.ReceiveBufferSize = 1 << 22;
        _tasks.Add(ReceiveAsync(socket, (_, bytes) => Pass(_front, from, bytes)));
        return socket;
    });

    private void Pass(UdpClient by, IPEndPoint to, byte[] bytes)
    {
        int copies;
        int delay;
        lock (_gate)
        {
            copies = _random.NextDouble() < _faults.Loss ? 0 : _random.NextDouble() < _faults.Duplication ? 2 : 1;
            delay = _random.Next(_faults.MostDelayMs + 1);
        }
        if (copies == 0)
        {
            Interlocked.Increment(ref _lost);
            if (by != _front)
                Interlocked.Increment(ref _lostForth);
            return;
        }
        Interlocked.Increment(ref _passed);
        for (int i = 0; i < copies; i++)
            _ = SendLaterAsync(by, to, bytes, delay + (i * 7));
    }

    private async Task SendLaterAsync(UdpClient by, IPEndPoint to, byte[] bytes, int milliseconds)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _time, _stopping.Token);
            await by.SendAsync(bytes, to, _stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Lost, as on any network.
        }
    }

    private async Task ReceiveAsync(UdpClient at, Action<IPEndPoint, byte[]> take)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await at.ReceiveAsync(_stopping.Token);
                take(received.RemoteEndPoint, received.Buffer);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // ICMP of an earlier one: whom it was for is not there.
            }
        }
    }
}
