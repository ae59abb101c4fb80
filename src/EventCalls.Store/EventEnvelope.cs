using System.Text.Json;

namespace EventCalls.Store;

/// <summary>The two members of a stored event's JSON that have no column of their own.</summary>
internal sealed record EventEnvelope(Guid CausationId, DateTimeOffset OccurredAt)
{
    public static EventEnvelope Read(ReadOnlySpan<byte> data)
    {
        Guid causation = default;
        DateTimeOffset occurred = default;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("causationId"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                    reader.TryGetGuid(out causation);
            }
            else if (reader.ValueTextEquals("occurredAt"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                    reader.TryGetDateTimeOffset(out occurred);
            }
            else
            {
                reader.Skip();
            }
        }
        return new EventEnvelope(causation, occurred);
    }
}
