using System.Globalization;
using System.Net;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transport;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Testing.Sip;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Testing;

/// <summary>A peer on a real port that takes calls and REFERs, and calls; it repeats what is lost, as a peer on a real network does.</summary>
public sealed class SipPeer : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SipShard _shard;

    /// <param name="transport"><c>udp</c>, <c>tcp</c> or <c>tls</c>.</param>
    /// <param name="tls">Whom it trusts, and who it is, over TLS.</param>
    /// <param name="port">Its port; 0 for a free one.</param>
    public SipPeer(string transport = "udp", TlsIdentity? tls = null, int port = 0)
    {
        Handler = new RecordingHandler
        {
            Invited = (leg, _) => { leg.Ring(180); leg.Answer(Session); },
            Requested = (_, request) => Take(request),
        };
        _shard = new SipShard(
            new ShardOptions { Listen = [ListenPoint.TryParse(string.Create(CultureInfo.InvariantCulture, $"{transport}:127.0.0.1:{port}"), out var point) ? point! : throw new InvalidOperationException()], Tls = tls, UserAgent = new UserAgentOptions { PingAfterMs = 0, Extensions = [ReferExtension.Taken] } },
            Handler,
            TimeProvider.System,
            NullLogger.Instance);
        _shard.Start();
    }

    /// <summary>What it does, and has done.</summary>
    public RecordingHandler Handler { get; }

    /// <summary>Its port.</summary>
    public int Port => _shard.Listening[0].EndPoint.Port;

    /// <summary>Its session.</summary>
    public Content Session => SessionOf($"m=audio {Port} RTP/AVP 0 8\r\n");

    /// <summary>A session of other streams.</summary>
    public Content SessionOf(string streams) => new("application/sdp", Encoding.ASCII.GetBytes($"v=0\r\no=peer 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n{streams}"));

    /// <summary>Calls a flow at the end point.</summary>
    public Task<OutgoingLeg> CallAsync(int port, string flow) => DoAsync(() => Call(port, flow));

    /// <summary>The same, on the peer's thread.</summary>
    public OutgoingLeg Call(int port, string flow) => Call(port, flow, Session);

    /// <summary>The same with a session of the test's; null for none.</summary>
    public OutgoingLeg Call(int port, string flow, Content? session) => _shard.Agent.Invite(
        new OutgoingInvite
        {
            Hop = _shard.HopTo(_shard.Listening[0].Protocol, new IPEndPoint(IPAddress.Loopback, port))!,
            RequestUri = $"sip:{flow}@127.0.0.1:{port}",
            From = "<sip:+15551234567@127.0.0.1>",
            To = $"<sip:{flow}@127.0.0.1>",
            Content = session,
        },
        Handler);

    /// <summary>What happened so far; from any thread.</summary>
    public Task<string[]> LogAsync() => DoAsync(() => Handler.Log.ToArray());

    /// <summary>How many legs are open.</summary>
    public Task<int> OpenLegsAsync() => DoAsync(() => _shard.Agent.OpenLegs);

    /// <summary>Does something on the peer's thread.</summary>
    public async Task<T> DoAsync<T>(Func<T> what)
    {
        ArgumentNullException.ThrowIfNull(what);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _shard.Post(new Work(() =>
        {
            try
            {
                done.SetResult(what());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }));
        return await done.Task.WaitAsync(s_patience);
    }

    /// <inheritdoc />
    public void Dispose() => _shard.Dispose();

    private void Take(IncomingRequest request)
    {
        if (request.Method == SipMethod.Refer && ReceivedRefer.Of(request.Message, out _, out _) is { } asked)
            ReferNotifier.Accept(request, asked, isFirst: true).Finish(200);
        else if (request.Method == SipMethod.Invite)
            request.Respond(200, null, Session);
        else
            request.Respond(200);
    }

    private sealed class Work(Action action) : ShardWork
    {
        protected internal override void Run() => action();
    }
}
