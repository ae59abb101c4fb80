using System.Text.Json;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>One event of a call, as <c>eventcalls calls show --json</c> writes it.</summary>
internal sealed record StreamEvent(
    int Version, Guid EventId, string Type, Guid CausationId, DateTimeOffset OccurredAt, JsonElement Data)
{
    /// <summary>A text, number or truth value of the data by its path (<c>evidence.status</c>); null when absent.</summary>
    public string? this[string path]
    {
        get
        {
            var value = Data;
            foreach (var name in path.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return null;
            }

            return value.ValueKind == JsonValueKind.Null ? null : value.ToString();
        }
    }
}
