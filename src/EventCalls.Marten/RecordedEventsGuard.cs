using EventCalls.Contracts;
using Marten;

namespace EventCalls.Marten;

/// <summary>Refuses to save a session that appends events under the names of the recorded ones: only the recorder keeps each once, in order, and with the list of calls.</summary>
internal sealed class RecordedEventsGuard : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        foreach (var e in session.PendingChanges.Streams().SelectMany(stream => stream.Events))
        {
            if (CallEventNames.TypeOf(e.EventTypeName) is not { } recorded)
                continue;
            throw new InvalidOperationException(e.EventType == recorded
                ? $"'{e.EventTypeName}' is recorded by EventCalls alone. Append an event of your own to the call."
                : $"The name of {e.EventType}, '{e.EventTypeName}', is that of an event which EventCalls records. Give it another one: options.Events.MapEventType<{e.EventType.Name}>(\"…\").");
        }
        return Task.CompletedTask;
    }
}
