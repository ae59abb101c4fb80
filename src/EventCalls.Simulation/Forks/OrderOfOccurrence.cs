using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>Puts the events of a stream in the order in which they happened at the node, where batches overtook each other on their way to the store.</summary>
/// <remarks>Only events of the node are compared: the routers have clocks of their own, and their events stand where causes put them. None comes before its cause.</remarks>
internal static class OrderOfOccurrence
{
    /// <summary>The events in order; the same list when they are.</summary>
    public static IReadOnlyList<CallEvent> Of(IReadOnlyList<CallEvent> events)
    {
        List<CallEvent>? moved = null;
        for (int i = 1; i < events.Count; i++)
        {
            var e = events[i];
            int to = PlaceOf(e, i, moved ?? events);
            if (to == i)
                continue;
            moved ??= [.. events];
            moved.RemoveAt(i);
            moved.Insert(to, e);
        }
        return moved ?? events;
    }

    private static int PlaceOf(CallEvent e, int at, IReadOnlyList<CallEvent> events)
    {
        int place = at;
        if (!IsOfNode(e))
            return place;
        for (int i = at - 1; i > 0 && events[i].EventId != e.CausationId; i--)
        {
            if (IsOfNode(events[i]) && events[i].OccurredAt > e.OccurredAt)
                place = i;
        }
        return place;
    }

    // The end may be written by a recorder.
    private static bool IsOfNode(CallEvent e) => e is not (FlowSelected or HandoffRequested or RoutingFailed or CallEnded);
}
