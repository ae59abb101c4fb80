using EventCalls.Host.Commands;
using EventCalls.Store;

namespace EventCalls.Host.Tests.Commands;

/// <summary>Runs commands in this process, in a folder of their own, and keeps what they wrote.</summary>
internal sealed class CommandRun : IAsyncDisposable
{
    private readonly List<string> _overrides = [];
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public CommandRun()
    {
        Folder = Directory.CreateTempSubdirectory("eventcalls-").FullName;
        Database = Path.Combine(Folder, "calls.db");
        Configure("Store:Sqlite", Database);
    }

    public string Folder { get; }

    public string Database { get; }

    /// <summary>What is written to standard output.</summary>
    public string Out => _out.ToString();

    /// <summary>What is written to standard error.</summary>
    public string Error => _error.ToString();

    public string[] OutLines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Sets a key of the configuration; a PostgreSQL store takes the place of the file.</summary>
    public void Configure(string key, string value)
    {
        if (key == "Store:Postgres")
            _overrides.Clear();
        _overrides.Add($"--EventCalls:{key}={value}");
    }

    /// <summary>Puts calls into the store.</summary>
    public async Task StoreAsync(params SampleCall[] calls)
    {
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = Database });
        await store.MigrateAsync(default);
        var result = await store.AppendAsync([.. calls.SelectMany(c => c.Events).Select(EventToAppend.Of)], default);
        Assert.Empty(result.Waiting);
    }

    /// <summary>Forgets what was written so far.</summary>
    public void Forget()
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
    }

    /// <summary>Runs a command; gives its exit code.</summary>
    public async Task<int> RunAsync(params string[] arguments)
    {
        int exitCode = await CommandLine.RunAsync([.. arguments, .. _overrides], Folder, _out, _error, TimeProvider.System);
        // Nothing here is a terminal, and what peers sent must not act on one.
        Assert.DoesNotContain('\u001b', Out);
        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.CompletedTask;
        Directory.Delete(Folder, recursive: true);
    }
}
