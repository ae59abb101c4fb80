namespace EventCalls.Sip.Messages;

/// <summary>A message body and its Content-Type; the bytes are not copied and must not change.</summary>
public sealed record Content(string Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body of a received message, copied; null when it has none.</summary>
    public static Content? Of(SipMessage message) =>
        message.Body.IsEmpty ? null : new Content(SipText.Unfold(message.ContentType), message.Body.ToArray());
}
