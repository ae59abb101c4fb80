using System.Buffers;
using System.Text;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>An event on its way into the store: read for its meaning, and its JSON as it came.</summary>
public sealed class EventToAppend
{
    private EventToAppend(CallEvent e, ReadOnlyMemory<byte> data)
    {
        Event = e;
        Type = CallEventNames.Of(e);
        Data = data;
    }

    /// <summary>The event.</summary>
    public CallEvent Event { get; }

    /// <summary>Its stored name.</summary>
    public string Type { get; }

    /// <summary>Its JSON in UTF-8, stored as it is; the memory must not change until the append has ended.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>True when the event it comes after was waited for long enough: an order is worth a delay, and no loss.</summary>
    internal bool IsOverdue { get; set; }

    /// <summary>Wraps an event, writing its JSON as it is written on the way to the recorder.</summary>
    public static EventToAppend Of(CallEvent e)
    {
        var output = new ArrayBufferWriter<byte>(512);
        CallEventCodec.WriteLine(output, e);
        var line = output.WrittenMemory;
        CallEventCodec.TryReadLine(ref line, out _, out var data);
        return new EventToAppend(e, data);
    }

    /// <summary>Reads an event from a line of a batch, as <see cref="CallEventCodec.TryReadLine"/> splits it.</summary>
    /// <exception cref="JsonException">The JSON is not that event's.</exception>
    /// <exception cref="NotSupportedException">The name is unknown to this version.</exception>
    public static EventToAppend Read(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> data) =>
        new(CallEventCodec.Read(Encoding.UTF8.GetString(name.Span), data.Span), data);

    /// <summary>Wraps an event of this process with the JSON that was written for it.</summary>
    internal static EventToAppend Of(CallEvent e, ReadOnlyMemory<byte> data) => new(CallEventCodec.AsRecorded(e), data);
}
