using System.Text.Json;

namespace EventCalls.Store;

/// <summary>What is stored of an event is not its JSON any more.</summary>
/// <param name="e">The event.</param>
/// <param name="inner">What is wrong with the JSON.</param>
public sealed class DamagedEventException(StoredEvent e, JsonException inner) : JsonException(
    $"Event {e.Version} of call {e.CallId}, '{e.Type}', is damaged in the store: {inner.Message.TrimEnd('.')}. 'eventcalls doctor' looks for more; put a sound copy of the database in its place.",
    inner);
