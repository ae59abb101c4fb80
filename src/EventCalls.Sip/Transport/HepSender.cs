using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using EventCalls.Sip.Tracing;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>Sends copies of SIP messages to a collector such as Homer, as HEP version 3 over UDP: no call waits for it, and what does not fit is dropped and counted.</summary>
public sealed class HepSender : IAsyncDisposable
{
    /// <summary>How many messages wait at most.</summary>
    internal const int MostWaiting = 8_192;

    private readonly Channel<HepMessage> _waiting = Channel.CreateUnbounded<HepMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IPEndPoint _target;
    private readonly uint _agent;
    private readonly byte[] _password;
    private readonly byte[][] _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _most;
    private readonly CancellationTokenSource _stopping = new();
    private Task _sending = Task.CompletedTask;
    private int _places;
    private long _sent;
    private long _dropped;
    private bool _saidFailure;

    /// <summary>A sender that does not send yet.</summary>
    /// <param name="target">The collector.</param>
    /// <param name="agent">The number it knows this agent by.</param>
    /// <param name="password">What it asks for; null for nothing.</param>
    /// <param name="secrets">The names of headers that hold tokens, which are redacted like credentials.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public HepSender(IPEndPoint target, uint agent, string? password, IEnumerable<byte[]> secrets, TimeProvider time, ILogger logger)
        : this(target, agent, password, secrets, time, logger, MostWaiting)
    {
    }

    internal HepSender(IPEndPoint target, uint agent, string? password, IEnumerable<byte[]> secrets, TimeProvider time, ILogger logger, int most)
    {
        _target = target;
        _agent = agent;
        _password = Encoding.UTF8.GetBytes(password ?? "");
        _secrets = [.. secrets];
        _time = time;
        _logger = logger;
        _most = most;
    }

    /// <summary>Packets sent since the start; what the network loses is among them.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Messages not sent since the start: too many waited, one was too large, or the socket refused it.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>What one shard's messages are seen by.</summary>
    public ISipTrace Trace() => new HepTrace(this, _time);

    /// <summary>Begins to send.</summary>
    public void Start() => _sending = Task.Run(SendAsync);

    /// <summary>Sends what waits, for two seconds at most, and closes the socket; the second time it does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete())
            return;
        _stopping.CancelAfter(TimeSpan.FromSeconds(2));
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    /// <summary>Takes a place for a message before it is copied; false, and counted, when there is none.</summary>
    internal bool TryTakePlace()
    {
        if (Interlocked.Increment(ref _places) <= _most)
            return true;
        Drop();
        return false;
    }

    /// <summary>Takes a message that holds a place.</summary>
    internal void Send(HepMessage message)
    {
        if (_waiting.Writer.TryWrite(message))
            return;
        Give(message);
        Interlocked.Increment(ref _dropped);
    }

    private async Task SendAsync()
    {
        using var socket = new Socket(_target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        var payload = new byte[HepPacket.MostBytes];
        var packet = new byte[HepPacket.MostBytes];
        await foreach (var message in _waiting.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
        {
            bool fits = TryWrite(message, payload, packet, out int length);
            Give(message);
            if (fits && await TrySendAsync(socket, packet.AsMemory(0, length)).ConfigureAwait(false))
                Interlocked.Increment(ref _sent);
            else
                Interlocked.Increment(ref _dropped);
        }
    }

    private async ValueTask<bool> TrySendAsync(Socket socket, ReadOnlyMemory<byte> packet)
    {
        try
        {
            await socket.SendToAsync(packet, SocketFlags.None, _target, _stopping.Token).ConfigureAwait(false);
            return true;
        }
        catch (SocketException e)
        {
            // Counted each time, said once: the next ones fail for the same reason.
            if (!_saidFailure)
                _logger.LogWarning("SIP messages cannot be copied to {Target} (Hep:Target): {Why}", _target, e.Message);
            _saidFailure = true;
            return false;
        }
    }

    private bool TryWrite(HepMessage message, byte[] payload, byte[] packet, out int length)
    {
        length = 0;
        if (!RedactedMessage.TryWrite(message.Bytes, _secrets, payload, out int said))
            return false;
        // A message of no call of ours, such as an OPTIONS, goes with its own like by its Call-ID.
        Span<byte> id = stackalloc byte[36];
        var correlation = message.Call is { } call && call.TryFormat(id, out int written) ? id[..written] : RedactedMessage.CallId(message.Bytes);
        return new HepPacket
        {
            Protocol = message.Hop.Protocol,
            Source = message.IsSent ? message.Hop.Local : message.Hop.Remote,
            Destination = message.IsSent ? message.Hop.Remote : message.Hop.Local,
            Time = message.Time,
            Agent = _agent,
            Password = _password,
            Correlation = correlation,
            Payload = payload.AsSpan(0, said),
        }.TryWrite(packet, out length);
    }

    private void Give(HepMessage message)
    {
        ArrayPool<byte>.Shared.Return(message.Buffer);
        Interlocked.Decrement(ref _places);
    }

    private void Drop()
    {
        Interlocked.Decrement(ref _places);
        Interlocked.Increment(ref _dropped);
    }
}
