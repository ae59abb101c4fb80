using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Simulation.Forks;

/// <summary>One of the two courses of a forked call, in short.</summary>
/// <param name="Events">Its events.</param>
/// <param name="Row">The call as the projection has it at their end.</param>
/// <param name="Ended">The end; null when the call is open.</param>
public sealed record ForkCourse(IReadOnlyList<CallEvent> Events, CallRow Row, CallEnded? Ended)
{
    /// <summary>The course that the events tell.</summary>
    public static ForkCourse Of(IReadOnlyList<CallEvent> events)
    {
        CallRow? row = null;
        for (int i = 0; i < events.Count; i++)
            row = CallProjection.Apply(row, events[i], i + 1);
        return new ForkCourse(events, row!, events.OfType<CallEnded>().FirstOrDefault());
    }
}
