using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Audit;

/// <summary>A call as lists have it in JSON; the names and the order of the members are a promise (docs/command-line.md).</summary>
/// <param name="row">The call as the projection has it.</param>
public class ListedCall(CallRow row)
{
    public Guid CallId => row.CallId;

    public string SipCallId => row.SipCallId;

    public DateTimeOffset StartedAt => row.StartedAt;

    public DateTimeOffset? EndedAt => row.EndedAt;

    public string Caller => row.Caller;

    public string Callee => row.Callee;

    public string Trunk => row.Trunk;

    public string? Flow => row.Flow;

    public HandoffMethod? Handoff => row.Handoff;

    public string? Target => row.Target;

    public TransferOutcome? Outcome => row.Outcome;

    public int Attempts => row.Attempts;

    public string? LogicVersion => row.LogicVersion;

    /// <summary>The call, for what shows more of it.</summary>
    protected CallRow Row => row;
}

/// <summary>An event of a call in JSON; the names and the order of the members are a promise too.</summary>
/// <param name="stored">The event as it is kept in its stream.</param>
public sealed class ListedEvent(StoredEvent stored)
{
    public long Version => stored.Version;

    public Guid EventId => stored.EventId;

    public string Type => stored.Type;

    public Guid CausationId => stored.CausationId;

    public DateTimeOffset? OccurredAt => stored.OccurredAt is var at && at != default ? at : null;

    public EventData Data => new(stored.Data);

    /// <summary>Each of them, in order.</summary>
    public static IEnumerable<ListedEvent> Of(IEnumerable<StoredEvent> events) => events.Select(e => new ListedEvent(e));
}

/// <summary>A call's id and its events.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Events">Its events, in order.</param>
public sealed record CallStream(Guid CallId, IEnumerable<ListedEvent> Events);

/// <summary>A call with its events, as it is exported.</summary>
/// <param name="Call">The call.</param>
/// <param name="Events">Its events, in order.</param>
public sealed record ExportedCall(ListedCall Call, IEnumerable<ListedEvent> Events);

/// <summary>An event's own JSON, UTF-8.</summary>
/// <param name="Json">As it is stored.</param>
[JsonConverter(typeof(AsStored))]
public readonly record struct EventData(ReadOnlyMemory<byte> Json)
{
    /// <summary>Puts it in as it is.</summary>
    public sealed class AsStored : JsonConverter<EventData>
    {
        /// <inheritdoc />
        public override EventData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        /// <inheritdoc />
        public override void Write(Utf8JsonWriter writer, EventData value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            // As stored, but never with a line feed of its own: each object is one line.
            if (value.Json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
            {
                writer.WriteRawValue(value.Json.Span);
                return;
            }
            using var document = JsonDocument.Parse(value.Json);
            document.WriteTo(writer);
        }
    }
}
