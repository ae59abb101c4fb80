namespace EventCalls.Sip.Transactions;

/// <summary>Why a request of ours got no final response.</summary>
public enum NoResponse
{
    /// <summary>Timer B or F (RFC 3261 §17.1): the peer did not answer; or it did not end a cancelled INVITE.</summary>
    Timeout,

    /// <summary>The transport could not deliver it.</summary>
    TransportError,

    /// <summary>An ICMP error says that nobody is there (RFC 3261 §18.4).</summary>
    Unreachable,

    /// <summary>The leg ended first.</summary>
    Ended,

    /// <summary>The session was not refreshed in time (RFC 4028 §10); of a leg, never of a request.</summary>
    Expired,
}
