using System.Net.Sockets;
using RabbitMQ.Client;

namespace EventCalls.Bus.Topology;

/// <summary>The sockets of the bus's own connections, so that one that is silent can be ended from outside.</summary>
/// <remarks>
/// After a broker was restarted RabbitMQ.Client may wait for a confirmation for ever although the connection is up again and its consumers get messages
/// (seen with 7.2.2). MassTransit gives nobody its connection; one whose socket is gone it makes anew, with all that is on it.
/// </remarks>
internal sealed class BrokerSockets
{
    private readonly Lock _gate = new();
    private readonly List<WeakReference<ITcpClient>> _open = [];

    /// <summary>Has a factory's connections go over sockets that are known here.</summary>
    public Task UseAsync(ConnectionFactory factory)
    {
        var make = factory.SocketFactory;
        factory.SocketFactory = family =>
        {
            var client = make(family);
            lock (_gate)
            {
                _open.RemoveAll(socket => !socket.TryGetTarget(out _));
                _open.Add(new WeakReference<ITcpClient>(client));
            }
            return client;
        };
        return Task.CompletedTask;
    }

    /// <summary>Ends them all.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var socket in _open)
            {
                if (socket.TryGetTarget(out var client))
                    End(client);
            }
            _open.Clear();
        }
    }

    private static void End(ITcpClient client)
    {
        try
        {
            client.Client.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or NullReferenceException)
        {
            // It was over already.
        }
    }
}
