using System.Net;
using System.Net.Sockets;

namespace EventCalls.Testing;

/// <summary>A TCP proxy on 127.0.0.1 that can stop passing anything on, as a firewall that forgot its connections does.</summary>
/// <remarks>A connection that was stalled stays so: nothing passes it any more, and its server's side stays open when the client has long gone.</remarks>
public sealed class StallingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly List<Pair> _pairs = [];
    private readonly Task _accepting;
    private Func<ReadOnlyMemory<byte>, bool>? _stallsAt;
    private TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStalled;

    /// <summary>Starts it before a server's port.</summary>
    public StallingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when a stall has begun.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>Stalls every connection, also those made from now on.</summary>
    public void Stall()
    {
        lock (_gate)
        {
            _isStalled = true;
            _stallsAt = null;
            foreach (var pair in _pairs)
                pair.IsStalled = true;
        }
        _stalled.TrySetResult();
    }

    /// <summary>Stalls every connection before bytes of a client are passed on that the condition holds of.</summary>
    public void StallAt(Func<ReadOnlyMemory<byte>, bool> condition) => _stallsAt = condition;

    /// <summary>New connections are passed on again; the stalled ones stay as they are.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _isStalled = false;
            _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var pair in _pairs)
            pair.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                var server = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                var pair = new Pair(client, server);
                lock (_gate)
                {
                    pair.IsStalled = _isStalled;
                    _pairs.Add(pair);
                }
                _ = PassAsync(pair, client, server, isClient: true);
                _ = PassAsync(pair, server, client, isClient: false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PassAsync(Pair pair, TcpClient from, TcpClient to, bool isClient)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                int read = await from.GetStream().ReadAsync(buffer, _stopping.Token);
                if (isClient && read > 0 && _stallsAt?.Invoke(buffer.AsMemory(0, read)) == true)
                    Stall();
                if (pair.IsStalled)
                    return;
                if (read == 0)
                {
                    to.Client.Shutdown(SocketShutdown.Send);
                    return;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            if (!pair.IsStalled)
                pair.Dispose();
        }
    }

    private sealed class Pair(TcpClient client, TcpClient server) : IDisposable
    {
        public volatile bool IsStalled;

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }
    }
}
