using System.CommandLine;
using EventCalls.Host.Commands;
using EventCalls.Host.Configuration;
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

    public void Configure(string key, string value) => _overrides.Add($"--EventCalls:{key}={value}");

    /// <summary>Puts calls into the store.</summary>
    public async Task StoreAsync(params RecordedCall[] calls)
    {
        await using var store = CallStoreFactory.Open(new StoreOptions { Sqlite = Database });
        await store.MigrateAsync(default);
        var result = await store.AppendAsync([.. calls.SelectMany(c => c.Events).Select(EventToAppend.Of)], default);
        Assert.Empty(result.Waiting);
    }

    /// <summary>Runs a command; gives its exit code.</summary>
    public async Task<int> RunAsync(params string[] arguments)
    {
        var context = new CommandContext(new CommandLineOverrides(_overrides, null), Folder, _out, _error, TimeProvider.System);
        var root = new RootCommand { CallsCommand.Create(context), LogicCommand.Create(context), DoctorCommand.Create(context) };
        var result = root.Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (var e in result.Errors)
                _error.WriteLine(e.Message);
            return ExitCodes.BadUsage;
        }
        return await result.InvokeAsync(new InvocationConfiguration { Output = _out, Error = _error, EnableDefaultExceptionHandler = false });
    }

    public async ValueTask DisposeAsync()
    {
        await Task.CompletedTask;
        Directory.Delete(Folder, recursive: true);
    }
}
