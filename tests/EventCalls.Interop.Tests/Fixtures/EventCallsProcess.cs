using System.Diagnostics;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Composition;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>The built <c>eventcalls run</c>, as its users start it.</summary>
internal sealed class EventCallsProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);
    private readonly EventCallsSettings _settings;
    private readonly string _folder;
    private readonly ChildProcess _process;
    private readonly ICallStore _store;

    private EventCallsProcess(EventCallsSettings settings, string folder, ChildProcess process)
    {
        (_settings, _folder, _process) = (settings, folder, process);
        _store = StoreChoice.Open(new StoreOptions { Postgres = settings.Postgres, Sqlite = settings.Sqlite! });
    }

    /// <summary>The program's file.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "eventcalls.dll");

    /// <summary>Its SQLite file.</summary>
    public string Sqlite => _settings.Sqlite!;

    /// <summary>Where it takes SIP.</summary>
    public string SipAddress => $"127.0.0.1:{_settings.SipPort}";

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Completes with its exit code.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>What it wrote.</summary>
    public string Describe() => _process.Describe();

    /// <summary>Starts it and waits for <c>ready</c>.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it wrote.</exception>
    public static async Task<EventCallsProcess> StartAsync(EventCallsSettings settings, CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-run-").FullName;
        settings = settings with { Sqlite = settings.Sqlite ?? Path.Combine(folder, "calls.db") };
        List<string> arguments = [Program, "run"];
        if (settings.Roles is { } roles)
            arguments.AddRange(["--roles", roles]);
        var process = new EventCallsProcess(settings, folder, ChildProcess.Start("dotnet", arguments, settings.Environment(), folder));
        try
        {
            await process._process.WaitForLineAsync(line => line == "ready", s_limit, cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop (SIGTERM) and waits until it has drained; the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        _process.Terminate();
        return await Exited.WaitAsync(s_limit);
    }

    /// <summary>Freezes it (SIGSTOP).</summary>
    public void Freeze() => _process.Signal(19);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Thaw() => _process.Signal(18);

    /// <summary>Sends it a signal by number.</summary>
    public void Signal(int signal) => _process.Signal(signal);

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Waits until it logged a line with the text.</summary>
    public async Task UntilLoggedAsync(string text)
    {
        var clock = Stopwatch.StartNew();
        while (!_process.Errors.Contains(text, StringComparison.Ordinal))
        {
            if (clock.Elapsed > s_limit)
                throw new TimeoutException($"It did not log '{text}'.\n{Describe()}");
            await Task.Delay(50);
        }
    }

    /// <summary>Whether the last heartbeat that the store has of the node is that of an orderly stop.</summary>
    public async Task<bool> SaidGoodbyeAsync() => (await _store.ListNodesAsync(default)).Single(n => n.Heartbeat.Node == _settings.Node).Heartbeat.Stopping;

    /// <summary>The trunks' servers that went down and came up, as the store has them of the node.</summary>
    public async Task<IReadOnlyList<TrunkEvent>> TrunkEventsAsync() =>
        (await _store.ListNodesAsync(default)).Single(n => n.Heartbeat.Node == _settings.Node).Heartbeat.Report?.TrunkEvents ?? [];

    /// <summary>Runs another command of the program against the same store; its output, its errors and its exit code.</summary>
    public async Task<(string Output, string Errors, int ExitCode)> CommandAsync(params string[] arguments)
    {
        await using var command = ChildProcess.Start("dotnet", [Program, .. arguments], _settings.Environment(), _folder);
        int exitCode = await command.Exited.WaitAsync(s_limit);
        return (command.Output, command.Errors, exitCode);
    }

    /// <summary>The calls as <c>calls list --json</c> has them.</summary>
    public async Task<IReadOnlyList<ListedCall>> CallsAsync(params string[] filters)
    {
        var (output, errors, exitCode) = await CommandAsync(["calls", "list", "--json", .. filters]);
        Assert.True(exitCode == 0, $"calls list ended with {exitCode}: {errors}");
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<ListedCall>(line, s_json)!),
        ];
    }

    /// <summary>One call by our id or the SIP Call-ID, as <c>calls show --json</c> has it; null when it is not (yet) known.</summary>
    public async Task<CallStream?> CallAsync(string id)
    {
        var (output, errors, exitCode) = await CommandAsync("calls", "show", id, "--json");
        Assert.True(exitCode is 0 or 1, $"calls show ended with {exitCode}: {errors}");
        return exitCode == 0 ? CallStream.Parse(output) : null;
    }

    /// <summary>All calls with their events, as <c>calls export</c> has them.</summary>
    public async Task<IReadOnlyList<CallStream>> ExportAsync()
    {
        // Into a file: of a program's output only so much is kept.
        string file = Path.GetTempFileName();
        try
        {
            var (_, errors, exitCode) = await CommandAsync("calls", "export", "--output", file);
            Assert.True(exitCode == 0, $"calls export ended with {exitCode}: {errors}");
            return [.. (await File.ReadAllLinesAsync(file)).Where(line => line.Length > 0).Select(CallStream.Parse)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Waits until the call is over and on record, and asserts what holds of every stream.</summary>
    /// <remarks>The waiting looks into the store, which is cheap; the stream that is handed out is what the command line says.</remarks>
    public async Task<CallStream> EndedCallAsync(string sipCallId, TimeSpan? limit = null)
    {
        await UntilStoredAsync(sipCallId, call => call.EndedAt is not null, limit);
        return (await CallAsync(sipCallId))!.MustBeWhole();
    }

    /// <summary>Waits until what the store has of a call fits.</summary>
    public async Task UntilStoredAsync(string sipCallId, Func<CallRow, bool> fits, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        CallRow? call = null;
        while (clock.Elapsed < (limit ?? TimeSpan.FromSeconds(30)))
        {
            call = await _store.FindAsync(sipCallId, default);
            if (call is not null && fits(call))
                return;
            await Task.Delay(50);
        }

        throw new TimeoutException(
            $"The call {sipCallId} is not so after {clock.Elapsed.TotalSeconds:0} s: {(call is null ? "it is not known" : await CallAsync(sipCallId))}\n{Describe()}");
    }

    /// <summary>Its resident memory, bytes.</summary>
    public long ResidentBytes()
    {
        using var process = Process.GetProcessById(Id);
        return process.WorkingSet64;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
