using System.Net;
using EventCalls.Sip;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Transactions;

namespace EventCalls.Testing.Sip;

/// <summary>A network in virtual time: messages take <see cref="DelayMs"/>, and are lost or doubled when a test says so. No socket, no sleeping.</summary>
public sealed class VirtualNetwork
{
    private readonly Dictionary<IPEndPoint, VirtualHost> _hosts = [];
    private readonly PriorityQueue<Delivery, (long At, long Order)> _queue = new();
    private long _order;
    private int _agents;

    /// <summary>What the agents' randomness is made from: the same seed plays the same, message by message. EVENTCALLS_SEED in the environment plays another one.</summary>
    public ulong Seed { get; } = ulong.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_SEED"), out ulong seed) ? seed : 1;

    /// <summary>The clock, milliseconds; it only moves in <see cref="Run"/>.</summary>
    public long Now { get; private set; }

    /// <summary>How long a message travels, milliseconds.</summary>
    public long DelayMs { get; set; } = 5;

    /// <summary>Decides for each message whether it is lost.</summary>
    public Func<Sent, bool>? Lose { get; set; }

    /// <summary>Decides for each message whether it arrives twice.</summary>
    public Func<Sent, bool>? Duplicate { get; set; }

    /// <summary>Every message sent, lost ones too, in order.</summary>
    public List<Sent> Log { get; } = [];

    /// <summary>Called whenever time has moved or something has arrived; does what other threads would have posted meanwhile.</summary>
    public Action? Turn { get; set; }

    /// <summary>Messages on their way.</summary>
    public int InFlight => _queue.Count;

    private IEnumerable<UserAgent> Agents => _hosts.Values.SelectMany(h => h.Agents);

    /// <summary>Randomness for one more agent.</summary>
    internal RandomSource NextRandom() => RandomSource.FromSeed(Seed + (ulong)_agents++);

    /// <summary>Adds a host at an address of its own.</summary>
    public VirtualHost AddHost(string endPoint)
    {
        var host = new VirtualHost(this, IPEndPoint.Parse(endPoint));
        _hosts.Add(host.EndPoint, host);
        return host;
    }

    /// <summary>Lets time pass: messages arrive and timers fire in order of time.</summary>
    public void Run(long milliseconds)
    {
        long until = Now + milliseconds;
        while (true)
        {
            Turn?.Invoke();
            long next = _queue.TryPeek(out _, out var due) ? due.At : long.MaxValue;
            foreach (var agent in Agents)
                next = Math.Min(next, agent.NextTimer);
            if (next > until)
                break;
            Now = Math.Max(Now, next);
            foreach (var agent in Agents)
                agent.Advance(Now);
            while (_queue.TryPeek(out var delivery, out due) && due.At <= Now)
            {
                _queue.Dequeue();
                if (_hosts.TryGetValue(delivery.To, out var host))
                    host.Deliver(delivery);
            }
        }
        Now = until;
        foreach (var agent in Agents)
            agent.Advance(Now);
        Turn?.Invoke();
    }

    internal void Send(IPEndPoint from, IPEndPoint to, TransportProtocol protocol, ReadOnlySpan<byte> message)
    {
        var sent = new Sent(Now, from, to, System.Text.Encoding.UTF8.GetString(message));
        Log.Add(sent);
        if (Lose?.Invoke(sent) == true)
            return;
        int copies = Duplicate?.Invoke(sent) == true ? 2 : 1;
        for (int i = 0; i < copies; i++)
            _queue.Enqueue(new Delivery(from, to, protocol, message.ToArray()), (Now + DelayMs, _order++));
    }

    internal sealed record Delivery(IPEndPoint From, IPEndPoint To, TransportProtocol Protocol, byte[] Message);
}
