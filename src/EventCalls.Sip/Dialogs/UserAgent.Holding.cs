using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <content>Legs whose owner waits for something outside: what comes for them waits too, so that it is taken in its order.</content>
public sealed partial class UserAgent
{
    // Who says more in the moment that a wait takes is heard out of order.
    private const int MostHeldBack = 100;

    private readonly Dictionary<Guid, HeldBack> _held = [];

    /// <summary>Keeps back what comes for the legs of a group (<see cref="Leg.Group"/>) until as many <see cref="Release"/>s. A CANCEL, and what is not of an own dialog, goes on.</summary>
    public void Hold(Guid group)
    {
        if (!_held.TryGetValue(group, out var held))
            _held.Add(group, held = new HeldBack());
        held.Waits++;
    }

    /// <summary>Takes what was kept back, in its order, unless another <see cref="Hold"/> of the group goes on or comes of it.</summary>
    public void Release(Guid group)
    {
        if (!_held.TryGetValue(group, out var held) || --held.Waits > 0)
            return;
        while (held.Waits == 0 && held.Messages.TryDequeue(out var next))
        {
            held.IsTaking = true;
            try
            {
                Receive(next.Message, next.Hop);
            }
            finally
            {
                held.IsTaking = false;
            }
        }
        if (held.Waits == 0)
            _held.Remove(group);
    }

    private bool TryHoldBack(SipMessage message, Hop hop)
    {
        var leg = message.IsRequest ? LegOf(message.ToTag) : Table.FindClient(message)?.User switch
        {
            OutgoingLeg calling => calling,
            OutgoingRequest request => request.Leg,
            _ => null,
        };
        if (leg is null || !_held.TryGetValue(leg.Group, out var held) || held.IsTaking || held.Messages.Count >= MostHeldBack)
            return false;
        held.Messages.Enqueue((message.Clone(), hop));
        return true;
    }

    private sealed class HeldBack
    {
        public int Waits { get; set; }

        /// <summary>Whether the next one is being taken now.</summary>
        public bool IsTaking { get; set; }

        public Queue<(SipMessage Message, Hop Hop)> Messages { get; } = [];
    }
}
