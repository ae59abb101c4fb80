using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Import;

/// <summary>A store of its own into which captures are imported by the program, as its users do it.</summary>
internal sealed class ImportedStore(IReadOnlyDictionary<string, string?> environment) : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-import-").FullName;

    /// <summary>Imports a file; what the command said, as JSON.</summary>
    public async Task<JsonElement> ImportAsync(string file, params string[] more)
    {
        string output = await RunAsync(["import", file, "--json", .. more]);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    /// <summary>The calls that are stored, whole.</summary>
    public async Task<IReadOnlyList<CallStream>> CallsAsync() =>
        [.. (await RunAsync(["calls", "export"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => CallStream.Parse(line).MustBeWhole())];

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> RunAsync(string[] arguments)
    {
        var variables = new Dictionary<string, string?>(environment) { ["EventCalls__Store__Sqlite"] = Path.Combine(_folder, "calls.db") };
        await using var command = ChildProcess.Start("dotnet", [EventCallsProcess.Program, .. arguments], variables, _folder);
        int exitCode = await command.Exited.WaitAsync(s_limit);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)} ended with {exitCode}: {command.Errors}");
        return command.Output;
    }
}
