namespace EventCalls.Telephony.Configuration;

/// <summary>What the caller hears from us while the decision is pending; 100 Trying is always sent.</summary>
public enum PendingRing
{
    /// <summary>Nothing after 100 Trying.</summary>
    None,

    /// <summary>180 Ringing.</summary>
    Ringing,

    /// <summary>183 Session Progress, without a session description.</summary>
    Progress,
}
