namespace EventCalls.Sip.Messages;

/// <summary>The URI schemes telephony meets.</summary>
public enum UriScheme : byte
{
    /// <summary>A scheme this stack does not know; a Request-URI with it is answered 416 (RFC 3261 §8.2.2.1).</summary>
    Other,
    Sip,
    Sips,
    Tel,
}
