namespace EventCalls.Telephony.Configuration;

/// <summary>Where an outbound endpoint wants to find the caller id.</summary>
public enum CallerIdIn
{
    /// <summary>In From and in P-Asserted-Identity (RFC 3325).</summary>
    Both,

    /// <summary>In From alone.</summary>
    From,

    /// <summary>In P-Asserted-Identity alone; From then carries the node's own address.</summary>
    PAssertedIdentity,
}
