namespace EventCalls.Telephony.Configuration;

/// <summary>How we register with a trunk, so that it sends us the calls for an address of ours (RFC 3261 §10.2).</summary>
public sealed record RegisterOptions
{
    /// <summary>Whose calls are to come to us, a SIP URI with a user (<c>sip:alice@example.com</c>); calls for it come in with this user as the dialled number. Empty: nothing is registered.</summary>
    public string AddressOfRecord { get; init; } = "";

    /// <summary>The registrar's SIP URI; null for the first of <c>To</c>.</summary>
    public string? Registrar { get; init; }

    /// <summary>User name for its challenges; null for the trunk's <c>UserName</c> and <c>Password</c>.</summary>
    public string? UserName { get; init; }

    /// <summary>Password for its challenges.</summary>
    public string? Password { get; init; }

    /// <summary>For how long a registration is asked for, seconds; the registrar may grant another time. It is refreshed after four fifths of it.</summary>
    public int ExpiresSeconds { get; init; } = 3_600;

    /// <summary>Without the password.</summary>
    public override string ToString() => AddressOfRecord;
}
