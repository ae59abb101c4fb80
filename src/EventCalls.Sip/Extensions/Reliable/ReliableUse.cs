namespace EventCalls.Sip.Extensions.Reliable;

/// <summary>Whether provisional responses are acknowledged (PRACK, RFC 3262).</summary>
public enum ReliableUse
{
    /// <summary>Those that we send when the caller requires it; those that we hear whenever the target sends them so.</summary>
    WhenRequired,

    /// <summary>Never; a caller that requires it is refused 420.</summary>
    Off,

    /// <summary>Those that we send whenever the caller supports it, too.</summary>
    Supported,

    /// <summary>Always: a target must do it, and a caller that does not is refused 421.</summary>
    Required,
}
