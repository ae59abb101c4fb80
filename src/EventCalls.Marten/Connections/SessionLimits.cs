using Npgsql;

namespace EventCalls.Marten.Connections;

/// <summary>
/// The limits of our sessions: what a connection that was cut off without a word leaves on the server ends by itself, and nobody waits
/// for it for long. All of it is in the connection string; what is given there already stays.
/// </summary>
internal static class SessionLimits
{
    /// <summary>How long a statement waits for a lock, milliseconds; an append locks rows for a few milliseconds.</summary>
    public const int LockTimeoutMs = 5_000;

    private const int KeepAliveSeconds = 10;
    private const int KeepAliveIntervalSeconds = 5;

    // Our transactions are idle only for as long as one of our own answers takes.
    private static readonly string[] s_options =
    [
        "idle_in_transaction_session_timeout=15000",
        $"lock_timeout={LockTimeoutMs}",
        $"tcp_keepalives_idle={KeepAliveSeconds}",
        $"tcp_keepalives_interval={KeepAliveIntervalSeconds}",
        "tcp_keepalives_count=3",
        "tcp_user_timeout=25000",

        // Compiling a search among many calls takes half a second, the search some milliseconds.
        "jit=off",
    ];

    /// <summary>Adds the limits to the settings of a connection.</summary>
    public static void Limit(NpgsqlConnectionStringBuilder settings)
    {
        // The later one holds: what the connection string says itself.
        settings.Options = string.Join(' ', [.. s_options.Select(option => $"-c {option}"), settings.Options]).TrimEnd();
        if (settings.ShouldSerialize("TCP Keepalive") || settings.ShouldSerialize("TCP Keepalive Time"))
            return;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = KeepAliveSeconds;
        settings.TcpKeepAliveInterval = KeepAliveIntervalSeconds;
    }
}
