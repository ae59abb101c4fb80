using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>One direction of the way between two shards of a node, by which a call of the one is called by the other: what is sent is taken on the thread of whom it is for.</summary>
internal sealed class ShardLink
{
    private readonly UserAgent _to;
    private readonly Action<ShardWork> _post;
    private Hop _back = null!;

    private ShardLink(UserAgent to, Action<ShardWork> post)
    {
        _to = to;
        _post = post;
    }

    /// <summary>Makes the way from one shard to another, and the one back.</summary>
    /// <param name="near">The hop whose address stands for us in what is sent.</param>
    /// <param name="from">The agent that begins, and what hands work to its thread.</param>
    /// <param name="to">The same of the other one.</param>
    public static Hop Open(Hop near, (UserAgent Agent, Action<ShardWork> Post) from, (UserAgent Agent, Action<ShardWork> Post) to)
    {
        var there = new ShardLink(to.Agent, to.Post);
        var back = new ShardLink(from.Agent, from.Post);
        (there._back, back._back) = (HopOver(back, near), HopOver(there, near));
        return back._back;
    }

    /// <summary>Sends a message; the bytes are the caller's again on return.</summary>
    public void Send(ReadOnlySpan<byte> message) => _post(new Arrived(this, message.ToArray()));

    private static Hop HopOver(ShardLink link, Hop near) => new(TransportProtocol.Tcp, near.Local, near.Local, near.LocalHost, link) { IsInside = true };

    private sealed class Arrived(ShardLink link, byte[] message) : ShardWork
    {
        protected internal override void Run() => link._to.Receive(message, link._back);
    }
}
