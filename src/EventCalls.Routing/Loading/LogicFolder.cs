using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Loading;

/// <summary>A folder of routing logic: loads it, and loads it again when it changes. What does not compile is refused and the last good version stays.</summary>
public sealed partial class LogicFolder : IAsyncDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly ILogger _logger;
    private readonly Func<CompiledLogic, CancellationToken, Task>? _beforeUse;
    private readonly ILogicCompiler? _compiler;
    private LogicFolderWatch? _watch;
    private CompiledLogic? _current;
    private string? _lastError;
    private LogicActivation? _activation;
    private IReadOnlyList<LogicSource>? _activated;

    /// <param name="path">The folder; it need not exist yet.</param>
    /// <param name="logger">Where loaded and refused versions are reported.</param>
    /// <param name="beforeUse">Awaited with each new version before it becomes <see cref="Current"/>; when it throws, the version is used all the same and the error logged.</param>
    /// <param name="compiler">What compiles it, and is told of versions that decide no more; null to compile it here.</param>
    public LogicFolder(string path, ILogger logger, Func<CompiledLogic, CancellationToken, Task>? beforeUse = null, ILogicCompiler? compiler = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FolderPath = Path.GetFullPath(path);
        _logger = logger;
        _beforeUse = beforeUse;
        _compiler = compiler;
    }

    /// <summary>The folder, as a full path.</summary>
    public string FolderPath { get; }

    /// <summary>The version that decides now; null while none was loaded.</summary>
    public CompiledLogic? Current => Volatile.Read(ref _current);

    /// <summary>The record by which a version decides that is not the folder's; null when the folder's does.</summary>
    public LogicActivation? Activation => Volatile.Read(ref _activation);

    /// <summary>Why the folder as it is now, or the version that was activated, cannot be used; null when it can.</summary>
    public string? LastError => Volatile.Read(ref _lastError);

    /// <summary>Compiles a folder without using it: diagnostics, flows and version. Dispose <see cref="LogicCheck.Logic"/> when done.</summary>
    public static LogicCheck Check(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return LogicCompiler.Compile(LogicSources.Read(path), cancellationToken);
        }
        catch (IOException e)
        {
            return NotRead(e);
        }
    }

    internal static async Task<LogicCheck> CheckAsync(
        string path, Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>> compile, CancellationToken cancellationToken)
    {
        try
        {
            var sources = await Task.Run(() => LogicSources.Read(path), cancellationToken).ConfigureAwait(false);
            return await compile(sources, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            return NotRead(e);
        }
    }

    private static LogicCheck NotRead(IOException e) =>
        new() { Version = LogicVersionName.None, Diagnostics = [new LogicDiagnostic("", 0, 0, "EC0009", e.Message)] };

    /// <summary>Loads the folder the first time and, if asked to, watches it from then on.</summary>
    public async Task StartAsync(bool watch, CancellationToken cancellationToken)
    {
        if (watch)
            _watch ??= new LogicFolderWatch(FolderPath, ChangedAsync, _logger);
        await ReloadAsync(cancellationToken).ConfigureAwait(false);
        _watch?.Start();
    }

    /// <summary>Has a version decide that is not the folder's, from the next load on: its sources, and the record that says so; or null for the folder again.</summary>
    internal async Task ActivateAsync(LogicActivation? activation, IReadOnlyList<LogicSource>? sources, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        _activated = sources;
        Volatile.Write(ref _activation, sources is null ? null : activation);
        _loading.Release();
    }

    /// <summary>Loads the folder as it is now, or the version that was activated instead. The result's logic is <see cref="Current"/>; it is not the caller's to dispose.</summary>
    public async Task<LogicCheck> ReloadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>> compile =
                _compiler is null ? (sources, ct) => Task.Run(() => LogicCompiler.Compile(sources, ct), ct) : _compiler.CompileAsync;
            var check = await (_activated is { } sources ? compile(sources, cancellationToken) : CheckAsync(FolderPath, compile, cancellationToken)).ConfigureAwait(false);
            if (check.Logic is null)
            {
                Refuse(check);
                return check;
            }

            if (_current?.Version == check.Version)
            {
                check.Logic.Dispose();
                Volatile.Write(ref _lastError, null);
                return check with { Logic = _current };
            }

            await UseAsync(check.Logic, cancellationToken).ConfigureAwait(false);
            return check;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync().ConfigureAwait(false);
        Interlocked.Exchange(ref _current, null)?.Dispose();
    }

    private async Task ChangedAsync(CancellationToken cancellationToken)
    {
        if (Activation is { } activation)
            LogPassedOver(FolderPath, activation.Version, activation.By);
        else
            await ReloadAsync(cancellationToken).ConfigureAwait(false);
    }

    private string Source => Activation is { } activation ? $"what {activation.By} activated" : FolderPath;

    private async Task UseAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        try
        {
            if (_beforeUse is not null)
                await _beforeUse(logic, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotSent(e, logic.Version);
        }

        var before = Interlocked.Exchange(ref _current, logic);
        Volatile.Write(ref _lastError, null);
        LogLoaded(logic.Version, logic.Name, logic.Flows.Count, Source);
        if (before is null)
            return;
        _compiler?.Forget(before);
        before.Dispose();
    }

    private void Refuse(LogicCheck check)
    {
        string error = string.Join(Environment.NewLine, check.Diagnostics);
        if (Interlocked.Exchange(ref _lastError, error) == error)
            return;
        LogRefused(Source, _current?.Version ?? "no logic at all", error);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Routing logic {Version} loaded: {Name} with {Flows} flows from {Source}.")]
    private partial void LogLoaded(string version, string name, int flows, string source);

    [LoggerMessage(Level = LogLevel.Error, Message = "The routing logic of {Source} cannot be used; {Current} goes on deciding.\n{Error}")]
    private partial void LogRefused(string source, string current, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What changed in {Folder} does nothing: {Version}, which {By} activated, decides (EventCalls:Routing:LogicFrom is 'store'). Upload and activate it, or roll back to the folder.")]
    private partial void LogPassedOver(string folder, string? version, string by);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sources of routing logic {Version} could not be sent to the recorder yet; tried again before its first decision.")]
    private partial void LogNotSent(Exception e, string version);
}
