using System.Diagnostics;
using EventCalls.Contracts;
using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders;

/// <summary>A process that takes decisions, one after the other, in the order they are asked.</summary>
/// <remarks>
/// Requests go out in batches: the first at once, those that come while it is busy together. It is watched: a decision over its limit, or a
/// logic that ends the process, ends this object with <see cref="Completion"/>, which tells what was being decided.
/// </remarks>
public sealed partial class DeciderProcess : IAsyncDisposable
{
    private const int BatchesAtOnce = 2;

    // What compiles and loads ends itself before; this is for what cannot.
    private static readonly TimeSpan s_loadLimit = LogicCompiler.CompileLimit + LogicCompiler.CompileLimit;

    private readonly Lock _gate = new();
    private readonly DeciderProcessOptions _options;
    private readonly TimeProvider _time;
    private readonly Process _process;
    private readonly BeganMark _mark;
    private readonly DeciderErrors _errors;
    private readonly DeciderWatch _watch;
    private readonly Stream _toProcess;
    private readonly Stream _fromProcess;
    private readonly WireWriter _writer = new();
    private readonly DeciderMessages _messages;
    private readonly WireTexts _texts = new();
    private readonly Queue<PendingDecision> _waiting = new();
    private readonly Queue<PendingDecision> _asked = new();
    private readonly Queue<int> _batches = new();
    private readonly Dictionary<long, PendingLoad> _loads = [];
    private readonly Queue<Action<WireWriter>> _orders = new();
    private readonly TaskCompletionSource _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DeciderDeath> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId;
    private bool _sending;
    private bool _ended;
    private int _answeredOfBatch;
    private (DeciderEnd Kind, string Message)? _killed;

    private DeciderProcess(DeciderProcessOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _mark = BeganMark.Create();
        try
        {
            _process = DeciderStart.Start(options, _mark.Path);
        }
        catch
        {
            _mark.Dispose();
            throw;
        }

        Id = _process.Id;
        _toProcess = _process.StandardInput.BaseStream;
        _fromProcess = _process.StandardOutput.BaseStream;
        _errors = new DeciderErrors(_process.StandardError, seen => Kill(seen.Kind, seen.Message));
        _messages = new DeciderMessages(_writer);
        _watch = new DeciderWatch(_process, _mark, options.Grace, time);
        new Thread(Read, 256 * 1024) { IsBackground = true, Name = "decider answers" }.Start();
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>Completes when the process has ended, with what it left undone.</summary>
    public Task<DeciderDeath> Completion => _completion.Task;

    /// <summary>Whether it takes no more decisions.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
                return _ended;
        }
    }

    /// <summary>How many decisions are asked of it and not answered.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate)
                return _asked.Count + _waiting.Count;
        }
    }

    /// <summary>Starts a decider, and completes when it answers.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<DeciderProcess> StartAsync(DeciderProcessOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        // Starting a process takes milliseconds; not on the thread of a call.
        var decider = await Task.Run(() => new DeciderProcess(options, time), cancellationToken).ConfigureAwait(false);
        try
        {
            await decider._hello.Task.WaitAsync(options.StartLimit, time, cancellationToken).ConfigureAwait(false);
            return decider;
        }
        catch (Exception e)
        {
            decider.Kill(DeciderEnd.Stopped, "it did not start");
            await decider.Completion.ConfigureAwait(false);
            throw e is TimeoutException ? new IOException($"A decider did not start within {options.StartLimit.TotalSeconds:0} s.", e) : e;
        }
    }

    /// <summary>Compiles sources there, loads and prepares them; the logic decides in deciders only, from now on in this one.</summary>
    /// <returns>What was found. When the process dies of it, a diagnostic says how.</returns>
    public Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken) =>
        CompileAsync(sources, isGuarded: true, cancellationToken);

    internal Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, bool isGuarded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var load = new PendingLoad(sources, logic: null, sources.Count == 0 ? LogicVersionName.None : LogicVersion.Of(sources));
        return OrderAsync(load, MessageKind.Compile, to =>
        {
            to.Count(load.Number);
            to.Bool(isGuarded);
            LogicWire.WriteSources(to, sources);
        }).WaitAsync(cancellationToken);
    }

    /// <summary>Loads and prepares there what was compiled elsewhere; not needed before the first decision, which does it.</summary>
    /// <returns>What the runtime does not take of it.</returns>
    public Task<LogicCheck> LoadAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(logic);
        var load = new PendingLoad(logic.Sources, logic, logic.Version);
        return OrderAsync(load, MessageKind.Load, to =>
        {
            to.Count(load.Number);
            to.Text(logic.Version);
            LogicWire.Write(to, logic.Image);
        }).WaitAsync(cancellationToken);
    }

    /// <summary>Lets the process forget a version.</summary>
    public void Unload(CompiledLogic logic)
    {
        ArgumentNullException.ThrowIfNull(logic);
        Order(to =>
        {
            if (_messages.Versions.Forget(logic) is not { } number)
                return;
            int message = to.BeginMessage(MessageKind.Unload);
            to.Count(number);
            to.EndMessage(message);
        });
    }

    /// <summary>Asks for a decision. False when the process has ended: it is somebody else's then.</summary>
    /// <remarks>Its logic, tables and endpoints are sent with the first decision that needs them; lookups must be an <see cref="Lookups.IPortableLookups"/>.</remarks>
    public bool Ask(PendingDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        _ = OptionsWire.Portable(decision.Options);
        lock (_gate)
        {
            if (_ended)
                return false;
            _waiting.Enqueue(decision);
            if (!MaySend())
                return true;
            _sending = true;
        }

        Send();
        return true;
    }

    /// <summary>Asks for many decisions at once; gives those it did not take because the process has ended.</summary>
    public IReadOnlyList<PendingDecision> Ask(IReadOnlyList<PendingDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        lock (_gate)
        {
            if (_ended)
                return decisions;
            foreach (var decision in decisions)
                _waiting.Enqueue(decision);
            if (!MaySend())
                return [];
            _sending = true;
        }

        Send();
        return [];
    }

    /// <summary>Takes back the decisions that have not gone to the process yet.</summary>
    public IReadOnlyList<PendingDecision> TakeBack()
    {
        lock (_gate)
        {
            PendingDecision[] taken = [.. _waiting];
            _waiting.Clear();
            return taken;
        }
    }

    /// <summary>Those that have gone to the process and stand behind the one it takes now; they stay asked.</summary>
    internal IReadOnlyList<PendingDecision> NotBegun()
    {
        long id = Math.Abs(_mark.Current);
        lock (_gate)
            return id == 0 ? [] : [.. _asked.Where(d => d.Id > id)];
    }

    /// <summary>Looks whether a decision is over its limit, and kills the process then. To be called every 50 ms or so.</summary>
    /// <returns>How long the decision that it takes now has been looked at; zero when it takes none.</returns>
    public TimeSpan Watch()
    {
        TimeSpan? limit = null;
        long id = _mark.Current;
        if (id < 0)
        {
            limit = s_loadLimit;
        }
        else if (id > 0)
        {
            lock (_gate)
                limit = _asked.FirstOrDefault(d => d.Id == id)?.Options.TimeLimit;
        }

        if (limit is null)
        {
            long answered;
            lock (_gate)
                answered = _asked.Count == 0 ? -1 : _lastId - _asked.Count;
            if (_watch.LookBetween(answered) is { } stuck)
                Kill(stuck.Kind, stuck.Message);
            return TimeSpan.Zero;
        }

        if (_watch.Look(id, limit.Value, out var since) is { } over)
            Kill(over.Kind, over.Message);
        return since;
    }

    /// <summary>Kills the process; what it had not answered comes back in <see cref="Completion"/>.</summary>
    public void Kill() => Kill(DeciderEnd.Stopped, "it was stopped");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Completion.ConfigureAwait(false);
    }

    private void Kill(DeciderEnd kind, string message)
    {
        lock (_gate)
            _killed ??= (kind, message);
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended already.
        }
    }
}
