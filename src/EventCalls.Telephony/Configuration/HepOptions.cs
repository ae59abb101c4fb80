namespace EventCalls.Telephony.Configuration;

/// <summary>Where copies of all SIP messages go.</summary>
public sealed record HepOptions
{
    /// <summary>A collector of SIP messages that takes HEP version 3 over UDP, such as Homer: every message sent and received is copied to it, without credentials and tokens. Null: nothing is copied.</summary>
    public string? Target { get; init; }

    /// <summary>The number by which the collector knows this node, 0–4,294,967,295.</summary>
    public long AgentId { get; init; } = 2001;

    /// <summary>The password that the collector asks for; it is sent unencrypted, as HEP has it.</summary>
    public string? Password { get; init; }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Target} as {AgentId}";
}
