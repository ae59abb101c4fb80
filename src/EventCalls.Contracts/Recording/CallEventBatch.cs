using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Events on their way to the recorder, of many calls, in the order they happened at one publisher.</summary>
/// <remarks>One bus message for many events: a message is the dearest thing a call does (docs/adr).</remarks>
public sealed record CallEventBatch
{
    /// <summary>The content type of its message, whose body is the bare <see cref="Payload"/>.</summary>
    public const string MediaType = "application/vnd.eventcalls.batch";

    /// <summary>The message's header that holds <see cref="Source"/>.</summary>
    public const string SourceHeader = "EC-Source";

    /// <summary>The message's header that holds <see cref="Count"/>.</summary>
    public const string CountHeader = "EC-Count";

    /// <summary>The node or router that published it.</summary>
    public required string Source { get; init; }

    /// <summary>How many events the payload holds.</summary>
    public required int Count { get; init; }

    /// <summary>The events as written by <see cref="CallEventCodec.WriteLine"/>: UTF-8, one a line.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The same events, for a recorder in the publisher's process, which then need not read them; not sent. Null: only the payload has them.</summary>
    [JsonIgnore]
    public IReadOnlyList<CallEvent>? Events { get; init; }
}
