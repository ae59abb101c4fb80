using EventCalls.Contracts;

namespace EventCalls.Store.Recording;

/// <summary>Lines of a <see cref="CallEventBatch"/> are no events; the message's other events are stored. Delivering it again changes nothing.</summary>
public sealed class UnreadableEventException(string source, int line, string reason, Exception? inner = null)
    : SameAgainException($"Line {line} of an event batch from '{source}' cannot be read: {reason}", inner)
{
    /// <summary>The first such line, from 1.</summary>
    public int Line { get; } = line;
}
