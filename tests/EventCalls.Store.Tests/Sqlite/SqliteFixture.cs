using EventCalls.Store.Tests.Conformance;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Tests.Sqlite;

/// <summary>SQLite files in a folder of their own.</summary>
public sealed class SqliteFixture : ICallStoreFixture, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-store-");
    private int _files;

    public Task<string> NewDatabaseAsync() => Task.FromResult(Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _files)}.db"));

    public ICallStore Open(string database) => SqliteStore.Open(new StoreOptions { Sqlite = database });

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
