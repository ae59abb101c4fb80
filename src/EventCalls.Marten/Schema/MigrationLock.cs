using Npgsql;
using Weasel.Core.Migrations;
using Weasel.Postgresql;

namespace EventCalls.Marten.Schema;

/// <summary>Marten's advisory lock on schema changes: processes that start together, ours and others that use Marten, make their changes one after the other.</summary>
/// <param name="id">The lock's number, as Marten's options have it.</param>
/// <param name="longest">How long to wait for it.</param>
internal sealed class MigrationLock(int id, TimeSpan longest) : IGlobalLock<NpgsqlConnection>
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(50);

    public async Task<AttainLockResult> TryAttainLock(NpgsqlConnection conn, CancellationToken ct = default)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var result = await conn.TryGetGlobalLock(id, ct);
            if (result.Succeeded || result.ShouldReconnect || TimeProvider.System.GetElapsedTime(began) > longest)
                return result;
            await Task.Delay(s_lookAgain, TimeProvider.System, ct);
        }
    }

    public Task ReleaseLock(NpgsqlConnection conn, CancellationToken ct = default) => conn.ReleaseGlobalLock(id, ct);
}
