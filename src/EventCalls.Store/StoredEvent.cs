using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>An event as it is kept in its stream.</summary>
public sealed record StoredEvent
{
    private EventEnvelope? _envelope;

    /// <summary>Its place among all events; grows in the order of storing, with holes.</summary>
    public required long Position { get; init; }

    /// <summary>The call, and so the stream.</summary>
    public required Guid CallId { get; init; }

    /// <summary>Its place in the stream: 1, 2, 3, without holes.</summary>
    public required long Version { get; init; }

    /// <summary>The event's id.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The stored name, such as <c>call_started</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The event's JSON, UTF-8. PostgreSQL gives the same JSON with its own order of members and white space.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The event that caused it; <see cref="Guid.Empty"/> where there is none.</summary>
    public Guid CausationId => Envelope.CausationId;

    /// <summary>When it happened, UTC.</summary>
    public DateTimeOffset OccurredAt => Envelope.OccurredAt;

    /// <summary>Reads the event itself.</summary>
    /// <exception cref="DamagedEventException">The JSON is not that event's.</exception>
    /// <exception cref="NotSupportedException">The name is unknown to this version.</exception>
    public CallEvent Read()
    {
        try
        {
            return CallEventCodec.Read(Type, Data.Span);
        }
        catch (JsonException e)
        {
            throw new DamagedEventException(this, e);
        }
    }

    private EventEnvelope Envelope
    {
        get
        {
            try
            {
                return _envelope ??= EventEnvelope.Read(Data.Span);
            }
            catch (JsonException e)
            {
                throw new DamagedEventException(this, e);
            }
        }
    }
}
