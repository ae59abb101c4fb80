using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Transactions;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>A thread with its sockets and its user agent: everything of its calls happens on it.</summary>
/// <remarks>
/// The thread blocks on its datagram socket and handles what it receives itself: no thread-pool hop lies between a datagram and its
/// answer. Other threads post work into the inbox; when the thread sleeps, one datagram to its own socket wakes it.
/// </remarks>
public sealed class SipShard : ISipOutput, IDisposable
{
    private const int MaxBurst = 64;
    private const long LongestSleepMs = 1_000;

    private ShardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _startedAt;
    private readonly ShardInbox _inbox = new();
    private readonly List<UdpListener> _udp = [];
    private readonly List<TcpListenerThread> _tcp = [];
    private readonly byte[] _buffer = new byte[65_536];
    private readonly Thread _thread;
    private UdpListener _waitOn = null!;
    private TcpConnections _connections = null!;
    private WakeSocket _wake = null!;
    private bool _waitOnListens = true;
    private readonly SourceAddresses _sources;
    private readonly ManualResetEventSlim _stop = new();
    private int _sleeping;
    private volatile bool _stopping;

    /// <summary>A shard that does not listen yet.</summary>
    public SipShard(ShardOptions options, IUserAgentHandler handler, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _startedAt = time.GetTimestamp();
        _sources = new SourceAddresses(time);
        Refusals = options.Refusals ?? new RefusalLog(logger, time);
        Room = new InboxRoom(options.MaxWaitingMessages);
        Group = [this];
        Agent = new UserAgent(options.UserAgent, this, handler);
        _thread = new Thread(Run) { IsBackground = true, Name = $"sip-shard-{options.UserAgent.Shard}" };
    }

    /// <summary>The shard's user agent; touch it on the shard's thread only.</summary>
    public UserAgent Agent { get; }

    /// <summary>What is listened on, with the ports really taken; complete after <see cref="Start()"/>.</summary>
    public IReadOnlyList<ListenPoint> Listening { get; private set; } = [];

    /// <summary>Opens the sockets and starts the thread.</summary>
    /// <exception cref="ListenException">An end point is in use or not ours.</exception>
    public void Start() => Start(_options, [this]);

    /// <summary>Starts as one of a group, on the group's ports.</summary>
    internal void Start(ShardOptions options, IReadOnlyList<SipShard> group)
    {
        _options = options;
        Group = group;
        Room = group[0].Room;
        try
        {
            Open();
        }
        catch
        {
            CloseSockets();
            throw;
        }
        _thread.Start();
        foreach (var listener in _tcp)
            listener.Start();
        foreach (var listener in _udp.Where(l => l != _waitOn))
            new UdpReaderThread(this, listener).Start();
    }

    /// <summary>Hands work to the shard's thread; from any thread, returns at once. After the stop it is dropped.</summary>
    public void Post(ShardWork work)
    {
        _inbox.Add(work);
        if (Interlocked.Exchange(ref _sleeping, 0) == 1)
            _wake.Wake();
    }

    /// <summary>Sends a message; on the shard's thread only.</summary>
    public void Send(Hop hop, ReadOnlySpan<byte> message)
    {
        switch (hop.Connection)
        {
            case UdpListener listener:
                listener.Send(hop, message);
                break;
            case TcpConnection connection:
                connection.Send(message);
                break;
            case ShardLink link:
                link.Send(message);
                break;
        }
    }

    /// <summary>A hop to a remote end point; a connection is opened when none is there. On the shard's thread only.</summary>
    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, string? name = null)
    {
        if (protocol != TransportProtocol.Udp)
            return ConnectionTo(new Peer(protocol, remote, name), null);
        return Best(_udp, static l => l.Address, remote.Address, l => l != _waitOn || _waitOnListens)?.HopTo(remote);
    }

    /// <inheritdoc />
    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, Hop near)
    {
        if (protocol != TransportProtocol.Udp)
        {
            // A peer whose certificate was looked at is spoken to on that connection as long as it lasts, wherever its Contact says it listens (RFC 5923 §5).
            if (protocol.IsSecure() && near.Protocol == protocol && !near.IsClosed && near.Remote.Address.Equals(remote.Address))
                return near;
            return ConnectionTo(new Peer(protocol, remote, near.RemoteName), near.Protocol == protocol ? near.Connection as TcpConnection : null);
        }
        // What began on one listener goes on from there, when its address leads to the remote one at all.
        return near.Connection is UdpListener listener && _udp.Contains(listener) && listener.Address.Reaches(remote.Address)
            ? listener.HopTo(remote)
            : HopTo(protocol, remote);
    }

    /// <inheritdoc />
    public Hop? HopInside(int shard, Hop near) => ShardLink.Open(near, (Agent, Post), (Group[shard].Agent, Group[shard].Post));

    /// <summary>Stops the thread and closes the sockets; what is still open is not said goodbye to.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        _stop.Set();
        if (_thread.IsAlive)
        {
            _wake.Wake();
            if (Thread.CurrentThread != _thread)
                _thread.Join(TimeSpan.FromSeconds(5));
        }
        CloseSockets();
    }

    internal bool IsStopping => _stopping;

    internal ShardOptions Options => _options;

    internal ILogger Logger => _logger;

    internal TcpConnections Connections => _connections;

    internal TimeProvider Time => _time;

    internal RefusalLog Refusals { get; }

    /// <summary>The places for received messages; one inbox for the whole node.</summary>
    internal InboxRoom Room { get; private set; }

    /// <summary>Takes a place in the inbox for a datagram; false when it must be dropped.</summary>
    internal bool TryTakePlace(Hop hop)
    {
        if (Room.TryTake())
            return true;
        Refusals.Refused(hop.Remote.Address, "A datagram from", $"{_options.MaxWaitingMessages} messages wait for the shards already");
        return false;
    }

    /// <summary>Waits, or until the shard stops.</summary>
    internal void WaitForStop(int milliseconds) => _stop.Wait(milliseconds);

    /// <summary>The shards of this node, this one among them; a message is handled by the one whose call it belongs to.</summary>
    internal IReadOnlyList<SipShard> Group { get; private set; }

    private void Open()
    {
        var listening = new List<ListenPoint>();
        foreach (var point in _options.Listen)
        {
            if (point.Protocol == TransportProtocol.Udp)
            {
                var listener = new UdpListener(point, _options, _sources, _time, remotes => Unreachable.Tell(Group, remotes));
                _udp.Add(listener);
                listening.Add(point with { EndPoint = listener.Local });
            }
            else
            {
                var listener = new TcpListenerThread(this, point, _options, _sources);
                _tcp.Add(listener);
                listening.Add(point with { EndPoint = listener.Local });
            }
        }
        _connections = new TcpConnections(this, _options);
        if (_udp.Count == 0)
        {
            // Without a datagram listener the thread still needs a socket to wait on; nobody is told of it.
            _udp.Add(new UdpListener(new ListenPoint(TransportProtocol.Udp, new IPEndPoint(IPAddress.Loopback, 0)), _options, _sources, _time));
            _waitOnListens = false;
        }
        _waitOn = _udp[0];
        _wake = new WakeSocket(_waitOn, _options.SharesPorts);
        Listening = listening;
    }

    private void Run()
    {
        var faults = new FaultPause(this, $"A turn of shard {_options.UserAgent.Shard}");
        while (!_stopping)
        {
            try
            {
                Loop(faults);
            }
            catch (Exception e)
            {
                // Its calls live on this thread alone: it goes on while the process does.
                faults.Pause(e);
            }
        }
        _options.UserAgent.Trace?.TurnEnded();
    }

    private void Loop(FaultPause faults)
    {
        while (!_stopping)
        {
            Advance();
            RunInbox();
            _options.UserAgent.Trace?.TurnEnded();
            Volatile.Write(ref _sleeping, 1);
            Interlocked.MemoryBarrier();
            long sleep = _inbox.IsEmpty ? Math.Clamp(Agent.NextTimer - Now(), 0, LongestSleepMs) : 0;
            bool readable = _wake.Wait((int)sleep * 1_000);
            Volatile.Write(ref _sleeping, 0);
            if (readable)
                ReceiveBurst();
            else if (sleep > 0)
                _waitOn.ReadErrors();
            faults.Over();
        }
    }

    private void ReceiveBurst()
    {
        Advance();
        for (int i = 0; i < MaxBurst; i++)
        {
            var hop = _waitOn.Receive(_buffer, out int length);
            if (hop is not null && length > 4)
                Receive(_buffer.AsMemory(0, length), hop, holdsPlace: false);
            if (!_waitOn.Socket.Poll(0, SelectMode.SelectRead))
                break;
        }
    }

    /// <summary>Takes a message; true when it was passed on to the shard of its call, with its place in the inbox.</summary>
    internal bool Receive(ReadOnlyMemory<byte> message, Hop hop, bool holdsPlace, int asked = 0)
    {
        try
        {
            if (Group.Count == 1)
            {
                Agent.Receive(message, hop);
                return false;
            }
            int owner = Agent.OwnerOf(message, hop, Group.Count, ref asked);
            if (owner == _options.UserAgent.Shard)
                Agent.ReceiveParsed(hop);
            else if (owner >= 0 && Group[owner].OwnHop(hop) is { } own && (holdsPlace || TryTakePlace(hop)))
            {
                Group[owner].Post(ReceivedMessage.Copy(Group[owner], message.Span, own, asked));
                return true;
            }
        }
        catch (Exception e)
        {
            // One message must not end all calls; what threw is a defect, and is said loudly.
            _logger.LogError(e, "A message from {Hop} could not be handled", hop);
        }
        return false;
    }

    private Hop? ConnectionTo(Peer peer, TcpConnection? instead) =>
        Best(Group[0]._tcp, static l => l.Address, peer.Remote.Address, l => l.Protocol == peer.Protocol) is { } listener
            ? Group[0]._connections.HopTo(peer, listener.Address, instead)
            : null;

    /// <summary>The listener to reach a remote address from: the one bound to the address that leads there, else one on all addresses, else the first of that family.</summary>
    private T? Best<T>(List<T> listeners, Func<T, LocalAddress> addressOf, IPAddress remote, Func<T, bool> isListener)
        where T : class
    {
        T? best = null;
        int rank = 0;
        foreach (var listener in listeners)
        {
            var address = addressOf(listener);
            if (address.Bound.AddressFamily != remote.AddressFamily || !isListener(listener))
                continue;
            int its = listeners.Count == 1 ? 1 : address.RankTowards(remote);
            if (its > rank)
                (best, rank) = (listener, its);
        }
        return best;
    }

    /// <summary>Where to answer a message that another shard of the group read: a datagram by our own socket on that port, a connection as it is.</summary>
    private Hop? OwnHop(Hop hop) =>
        hop.Connection is UdpListener theirs && _udp.Find(l => l.Local.Equals(theirs.Local)) is { } ours ? ours.HopTo(hop.Remote) : hop;

    private void RunInbox()
    {
        for (var work = _inbox.TakeAll(); work is not null;)
        {
            var next = work.Next;
            work.Next = null;
            try
            {
                work.Run();
            }
            catch (Exception e)
            {
                _logger.LogError(e, "Posted work {Work} could not be done", work.GetType().Name);
            }
            work = next;
        }
    }

    private void Advance()
    {
        long now = Now();
        while (true)
        {
            try
            {
                Agent.Advance(now);
                return;
            }
            catch (Exception e)
            {
                // The timer that threw is off the wheel; the others go on.
                _logger.LogError(e, "A timer could not be handled");
            }
        }
    }

    private long Now() => (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;

    private void CloseSockets()
    {
        foreach (var listener in _udp)
            listener.Dispose();
        foreach (var listener in _tcp)
            listener.Dispose();
        _connections?.Dispose();
        _wake?.Dispose();
    }
}
