namespace EventCalls.Sip.Messages;

/// <summary>One header field of a message; the spans lie in the message's buffer.</summary>
public readonly ref struct HeaderField
{
    internal HeaderField(HeaderId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Id = id;
        Name = name;
        Value = value;
    }

    /// <summary>Which field it is, whatever its spelling was.</summary>
    public HeaderId Id { get; }

    /// <summary>The name as received.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value as received, without white space around it; line folds are still inside (<see cref="SipText.Unfold(ReadOnlySpan{byte})"/>).</summary>
    public ReadOnlySpan<byte> Value { get; }
}
