namespace EventCalls.Telephony.Configuration;

/// <summary>Limits of SIP connections.</summary>
public sealed record TcpOptions
{
    /// <summary>How many connections that peers made may be open, 1–4,096.</summary>
    public int MaxConnections { get; init; } = 1_024;

    /// <summary>How many of them may come from one address, 1–4,096.</summary>
    public int MaxConnectionsPerSource { get; init; } = 64;

    /// <summary>How many connections that we made may be open, 1–4,096.</summary>
    public int MaxOutbound { get; init; } = 1_024;

    /// <summary>How long a connection may be quiet, seconds, 10–86,400.</summary>
    public int IdleSeconds { get; init; } = 3_600;

    /// <summary>How long a peer may take from connecting to its first whole message, seconds, 1–600.</summary>
    public int FirstMessageSeconds { get; init; } = 30;

    /// <summary>How long one message may take, seconds, 1–600.</summary>
    public int MessageSeconds { get; init; } = 10;
}
