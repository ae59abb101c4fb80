using System.Net;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace EventCalls.Simulation.Live;

/// <summary>A carrier's SBC that calls in: every call with its own headers, and its own ideas of what to do with a REFER.</summary>
public sealed class TrunkSimulator(TimeProvider time, ILogger logger) : Simulator("Carrier-SBC/9.2.1", time, logger)
{
    private readonly Dictionary<OutgoingLeg, TrunkCall> _calls = [];
    private int _open;

    /// <summary>How many of its calls are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Calls the node; from any thread, returns at once.</summary>
    public void Call(PlannedCall call, IPEndPoint node)
    {
        Interlocked.Increment(ref _open);
        Shard.Post(new Work(() => Place(call, node)));
    }

    /// <summary>Hangs up what is still open; from any thread, returns at once.</summary>
    public void HangUpAll() => Shard.Post(new Work(() =>
    {
        foreach (var (leg, call) in _calls.ToArray())
            call.GiveUp(leg);
    }));

    private void Place(PlannedCall call, IPEndPoint node)
    {
        OutgoingLeg? leg = null;
        var side = new TrunkCall(call, () =>
        {
            Interlocked.Decrement(ref _open);
            if (leg is not null)
                _calls.Remove(leg);
        });
        leg = Shard.Agent.Invite(
            new OutgoingInvite
            {
                Hop = Shard.HopTo(TransportProtocol.Udp, node)!,
                RequestUri = $"sip:{call.Scenario.Callee}@{node};user=phone",
                From = call.From,
                To = $"<sip:{call.Scenario.Callee}@{node.Address};user=phone>",
                Headers = call.Headers,
                Content = call.Session.Offer(call.Codecs),
            },
            side);
        call.SipCallId = leg.CallId;
        _calls.Add(leg, side);
    }

    private sealed class Work(Action action) : ShardWork
    {
        protected override void Run() => action();
    }
}
