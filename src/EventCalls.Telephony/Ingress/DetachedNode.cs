using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Transfers;
using EventCalls.Telephony.Trunks;
using EventCalls.Telephony.Trust.Signatures;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>The calls of a node without sockets, threads or a clock of its own: all of these are handed in, so that calls can be played in virtual time.</summary>
/// <remarks>The calls are the very ones of <see cref="IngressService"/>. Not safe from several threads.</remarks>
public sealed class DetachedNode
{
    private readonly CallShard _shard;

    /// <summary>A node that waits for its first message.</summary>
    /// <param name="options">What it is configured with; nothing of it is listened on.</param>
    /// <param name="journal">Where its events go.</param>
    /// <param name="messages">How requests for a new decision are sent.</param>
    /// <param name="time">The clock of the events.</param>
    /// <param name="output">Where SIP messages leave.</param>
    /// <param name="work">What the node posts to itself.</param>
    /// <param name="now">The clock of the timers at the beginning, milliseconds.</param>
    /// <param name="random">Where the branches, tags and delays come from.</param>
    /// <param name="logger">The log.</param>
    /// <param name="identity">What the check of the caller's Identity headers came to when the call was recorded; null for none.</param>
    /// <exception cref="TelephonyOptionsException">A trunk cannot be used; it names the key.</exception>
    public DetachedNode(
        TelephonyOptions options, ICallJournal journal, INodeMessages messages, TimeProvider time, ISipOutput output, WorkQueue work, long now, RandomSource random, ILogger logger,
        IReadOnlyList<IdentityCheck>? identity = null)
    {
        _shard = new CallShard(options, new TrunkTable(options.Trunks), journal, messages, TransferMethods.Of, time, logger, callers: new RecordedIdentity(identity));
        Agent = new UserAgent(new UserAgentOptions { Extensions = CallShard.Extensions, PingAfterMs = 0, Random = random }, output, _shard, now);
        var finder = new ServerFinder(static _ => Task.FromResult(DnsAnswer.None("no such name")), LocalTransports.All, time, logger);
        _shard.Attach(Agent, output, work.Post, finder);
    }

    /// <summary>The protocol core: takes messages and the time.</summary>
    public UserAgent Agent { get; }

    /// <summary>Gives a handoff to the call it is for.</summary>
    public void Take(HandoffRequested handoff) => _shard.Take(handoff);

    /// <summary>Gives a command to the call it is for; it is answered when that has recorded it, or does not take it.</summary>
    public void Take(CallCommand command, Action<CommandAnswer> answer) => _shard.Take(command, answer);

    /// <summary>Makes the address of a host name known for the next 30 s of the node's clock; a name that is not known has no address.</summary>
    public void Know(string host, IPAddress address) => _shard.Resolver.Keep(host, [address]);
}
