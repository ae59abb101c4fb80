using System.Net;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace EventCalls.Simulation.Live;

/// <summary>A party outside of the node: a SIP user agent with a thread and a UDP socket of its own on the loopback interface.</summary>
public abstract class Simulator : IUserAgentHandler, IDisposable
{
    private readonly ShardGroup _group;

    protected Simulator(string name, TimeProvider time, ILogger logger)
    {
        Shard = new SipShard(
            new ShardOptions
            {
                Listen = [new ListenPoint(TransportProtocol.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
                UserAgent = new UserAgentOptions { Name = name, Extensions = [ReferExtension.Taken] },
            },
            this,
            time,
            logger);
        _group = new ShardGroup([Shard]);
    }

    /// <summary>Where it listens; complete after <see cref="Start"/>.</summary>
    public IPEndPoint EndPoint => _group.Listening[0].EndPoint;

    /// <summary>Its thread.</summary>
    protected SipShard Shard { get; }

    /// <summary>Opens the socket.</summary>
    public void Start() => _group.Start();

    /// <inheritdoc />
    public virtual bool Admits(SipMessage request, Hop hop) => true;

    /// <inheritdoc />
    public virtual void OnInvite(IncomingLeg leg, SipMessage invite) => leg.Reject(404);

    /// <inheritdoc />
    public void Dispose() => _group.Dispose();
}
