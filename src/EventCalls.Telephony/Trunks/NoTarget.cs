namespace EventCalls.Telephony.Trunks;

/// <summary>Why a step leads nowhere, and the status that says so to whoever asked for it.</summary>
internal sealed record NoTarget(string Why, int Status = NoTarget.NotFound)
{
    /// <summary>Nobody is reached by that number or URI from here.</summary>
    public const int NotFound = 404;

    /// <summary>The number is missing, or a part of it (RFC 3261 §21.4.22).</summary>
    public const int Incomplete = 484;

    /// <summary>It is nothing that could be called now: over TLS alone (RFC 5630 §5.3), or where a target sends us (RFC 3261 §21.4.18).</summary>
    public const int Unavailable = 480;
}
