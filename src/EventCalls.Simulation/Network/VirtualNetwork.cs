using System.Net;
using EventCalls.Sip;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;

namespace EventCalls.Simulation.Network;

/// <summary>A network in virtual time: messages arrive at once and in order, and minutes of waiting take no time. No socket, no thread.</summary>
internal sealed class VirtualNetwork
{
    private readonly Dictionary<IPEndPoint, VirtualHost> _hosts = [];
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;
    private int _agents;

    /// <summary>Randomness for one more agent: a play is the same every time.</summary>
    public RandomSource NextRandom() => RandomSource.FromSeed((ulong)++_agents);

    /// <summary>The clock, milliseconds from the beginning of the play.</summary>
    public long Now { get; private set; }

    /// <summary>What the node posts to itself.</summary>
    public WorkQueue Work { get; } = new();

    /// <summary>Makes a host for an end point that nobody has yet.</summary>
    public Action<IPEndPoint>? OnUnknown { get; set; }

    /// <summary>Adds a host at an end point of its own.</summary>
    public VirtualHost AddHost(IPEndPoint endPoint)
    {
        var host = new VirtualHost(this, endPoint);
        _hosts.Add(endPoint, host);
        return host;
    }

    /// <summary>Does something at a time; what is due at the same time is done in the order it was asked for.</summary>
    public void At(long at, Action action) => _queue.Enqueue(action, (Math.Max(at, Now), _order++));

    /// <summary>Goes to the next thing that is due, and does it; false when nothing is due until then.</summary>
    public bool Step(long until)
    {
        Work.Run();
        long next = _queue.TryPeek(out _, out var due) ? due.At : long.MaxValue;
        foreach (var host in _hosts.Values)
            next = Math.Min(next, host.Agent?.NextTimer ?? long.MaxValue);
        if (next > until)
            return false;
        Now = Math.Max(Now, next);
        foreach (var host in _hosts.Values.ToArray())
            host.Agent?.Advance(Now);
        Work.Run();
        if (_queue.TryPeek(out _, out due) && due.At <= Now)
            _queue.Dequeue()();
        Work.Run();
        return true;
    }

    /// <summary>Sends bytes from one end point to another.</summary>
    public void Send(IPEndPoint from, IPEndPoint to, TransportProtocol protocol, ReadOnlySpan<byte> message)
    {
        byte[] copy = message.ToArray();
        At(Now, () =>
        {
            if (!_hosts.ContainsKey(to))
                OnUnknown?.Invoke(to);
            if (_hosts.TryGetValue(to, out var host))
                host.Receive(copy, from, protocol);
        });
    }
}
