using EventCalls.Marten.Connections;
using Npgsql;

namespace EventCalls.Marten.Appending;

/// <summary>Looks, while a session takes long, who has the lock that it waits for: afterwards nobody can tell.</summary>
internal sealed class LockWatch : IAsyncDisposable
{
    private const string Holders = """
        select pid, coalesce(nullif(application_name, ''), 'a program without a name'), coalesce(state, 'in an unknown state'), coalesce(host(client_addr), 'this machine')
        from pg_stat_activity where pid = any(pg_blocking_pids($1)) order by xact_start limit 1
        """;

    // Long after an append is done otherwise, and well before its wait ends.
    private static readonly TimeSpan s_lookAfter = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource _source;
    private readonly int _waiting;
    private readonly Timer _timer;
    private Task<string?> _look = Task.FromResult<string?>(null);

    /// <param name="source">Gives another connection to look with.</param>
    /// <param name="waiting">The server process that may wait.</param>
    public LockWatch(NpgsqlDataSource source, int waiting)
    {
        _source = source;
        _waiting = waiting;
        _timer = new Timer(static watch => ((LockWatch)watch!).Look(), this, s_lookAfter, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Who was in the way, for people; null when nobody was seen.</summary>
    public Task<string?> HolderAsync() => _look;

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look() => _look = LookAsync();

    private async Task<string?> LookAsync()
    {
        try
        {
            await using var command = _source.CreateCommand(Holders).With(_waiting);
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync()
                ? $"server process {reader.GetInt32(0)} ({reader.GetString(1)} on {reader.GetString(3)}, {reader.GetString(2)})"
                : null;
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException)
        {
            // Who cannot be asked is not named.
            return null;
        }
    }
}
