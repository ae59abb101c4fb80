namespace EventCalls.Telephony.Configuration;

/// <summary>How a peer is told that a call was for somebody else before it came to it.</summary>
public enum DiversionIn
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In Diversion (RFC 5806).</summary>
    Diversion,

    /// <summary>In History-Info (RFC 7044).</summary>
    HistoryInfo,
}
