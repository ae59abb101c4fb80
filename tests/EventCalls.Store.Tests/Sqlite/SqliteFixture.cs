using EventCalls.Store.Tests.Conformance;

namespace EventCalls.Store.Tests.Sqlite;

/// <summary>SQLite files in a folder of their own.</summary>
public sealed class SqliteFixture : ICallStoreFixture, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-store-");
    private int _files;

    public Task<string> NewDatabaseAsync() => Task.FromResult(Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _files)}.db"));

    public ICallStore Open(string database) => CallStoreFactory.Open(new StoreOptions { Sqlite = database });

    public void Dispose() => _folder.Delete(recursive: true);
}
