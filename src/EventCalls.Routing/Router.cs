using EventCalls.Contracts;
using EventCalls.Routing.Canary;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Fetching;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Values;
using EventCalls.Routing.Webhook;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing;

/// <summary>Decides calls and records what was decided. Every decision ends in a handoff: the logic's, or the configured default.</summary>
public sealed class Router : IAsyncDisposable
{
    private readonly RouterOptions _options;
    private readonly ICallJournal _journal;
    private readonly TimeProvider _time;
    private readonly FailureLog _failures;
    private readonly ILogic? _logic;
    private readonly FolderLogic? _folderLogic;
    private readonly ActivationWatch? _activations;
    private readonly ValueWatch? _values;
    private readonly CanaryWatch? _canary;
    private volatile Task _starting = Task.CompletedTask;

    /// <param name="options">How to decide.</param>
    /// <param name="journal">Where decisions are recorded.</param>
    /// <param name="versions">Where the sources of logic versions go before their first use.</param>
    /// <param name="lookups">Where <c>conv.Lookup</c> gets its answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where loaded, refused and hanging logic is reported.</param>
    /// <param name="values">Where <c>conv.Config</c> gets its answers; null when this process has no store.</param>
    /// <param name="activated">Where it is read which version was activated; asked only with <see cref="LogicFrom.Store"/>.</param>
    public Router(
        RouterOptions options, ICallJournal journal, ILogicVersionSink versions, ILookupSource lookups, TimeProvider time, ILogger<Router> logger, IActivatedLogic? activated = null, IOperatorValues? values = null)
        : this(options, journal, versions, lookups, time, logger, webhookHandler: null, activated, values)
    {
    }

    /// <param name="options">How to decide; where the logic is and how it is run has been settled with it.</param>
    /// <param name="journal">Where decisions are recorded.</param>
    /// <param name="logic">The version that decides; whoever gives it disposes it.</param>
    /// <param name="lookups">Where <c>conv.Lookup</c> gets its answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failed decisions are reported.</param>
    public Router(RouterOptions options, ICallJournal journal, ReadyLogic logic, ILookupSource lookups, TimeProvider time, ILogger<Router> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logic);
        (_options, _journal, _time) = (options, journal, time);
        _failures = new FailureLog(time, logger);
        _logic = logic.With(new DecideOptions { Lookups = lookups, TimeLimit = options.TimeLimit, KnownEndpoints = options.KnownEndpoints });
    }

    internal Router(
        RouterOptions options,
        ICallJournal journal,
        ILogicVersionSink versions,
        ILookupSource lookups,
        TimeProvider time,
        ILogger<Router> logger,
        HttpMessageHandler? webhookHandler,
        IActivatedLogic? activated = null,
        IOperatorValues? values = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _journal = journal;
        _time = time;
        _failures = new FailureLog(time, logger);
        if (options.Webhook is { } webhook)
        {
            _logic = new WebhookLogic(webhook, options, logger, webhookHandler);
        }
        else if (options.LogicPath is { } path)
        {
            if (lookups is LookupTables tables)
                lookups = tables.WithSources([.. options.Sources.Select(s => s.Name)]).ForLiveCalls();
            var runner = LogicRunners.Make(options, lookups, time, logger);
            var fetched = options.Sources.Count > 0 ? new FetchedDecisions(runner, new FetchSources(options.Sources, time), time) : null;
            var sample = runner is DeciderPool pool && options.VerifyPercent > 0 ? new LiveSample(options.VerifyPercent, pool.Process, time, logger) : null;
            if (values is not null && lookups is LookupTables known)
                _values = new ValueWatch(values, known, time, logger);
            var decide = new DecideOptions { Lookups = lookups, TimeLimit = options.TimeLimit, KnownEndpoints = options.KnownEndpoints };
            Logic = new LogicFolder(path, logger, (logic, ct) => _folderLogic!.PrepareAsync(logic, ct), runner);
            _logic = _folderLogic = new FolderLogic(Logic, runner, sample, decide, versions, options, fetched, _values, time);
            if (options.LogicFrom == LogicFrom.Store)
            {
                _activations = new ActivationWatch(Logic, activated ?? throw new ArgumentException("Routing:LogicFrom is 'store', and there is no store.", nameof(activated)), time, logger);
                _canary = new CanaryWatch(activated, runner, _folderLogic.PrepareBesideAsync, () => _activations.Number, time, logger);
                _folderLogic.Beside = _canary.Of;
            }
        }
    }

    /// <summary>The logic folder; null when a webhook or nothing decides.</summary>
    public LogicFolder? Logic { get; }

    /// <summary>The version that has a share of the calls beside <see cref="Logic"/>, and how large it is; null when none has.</summary>
    public CanaryRecord? Canary => _canary?.Current;

    /// <summary>How the logic is, for people, and whether it decides.</summary>
    public (bool Ok, string Message) Status()
    {
        if (Logic is not { } folder)
            return (true, "A web service decides.");
        string source = folder.Activation is { } activation ? $"the version that {activation.By} activated" : folder.FolderPath;
        if (folder.Current is not { } current)
            return (false, folder.LastError is { } error ? $"{source} cannot be used, every call gets the default: {error}" : $"{source} is being compiled.");
        string message = folder.LastError is null ? $"{current.Name}, {current.Version}." : $"{current.Name}, {current.Version}, goes on deciding; {source} cannot be used.";
        if (Canary is { } canary)
            message += $" {canary.Challenger} decides {canary.Share} % of the calls.";
        return (true, $"{message} {_folderLogic!.Describe()}".TrimEnd());
    }

    /// <summary>Compiles the logic and warms it up. Logic that cannot be used is logged, and in <see cref="LogicFolder.LastError"/>; calls then get the default.</summary>
    /// <remarks>A decision asked for meanwhile waits for it: a queue may be consumed before the logic is compiled.</remarks>
    public Task StartAsync(CancellationToken cancellationToken) =>
        _starting = Logic is null ? Task.CompletedTask : StartAsync(Logic, cancellationToken);

    /// <summary>Decides a new call; completes when the decision is confirmed by the bus.</summary>
    public Task DecideAsync(CallStarted started, CancellationToken cancellationToken) =>
        DecideAsync(DecisionRequest.For(started), cancellationToken);

    /// <summary>Decides after a failed handoff, on a REFER, or for a command; completes when the decision is confirmed by the bus.</summary>
    public Task DecideAsync(RerouteCall reroute, CancellationToken cancellationToken) =>
        DecideAsync(DecisionRequest.For(reroute), cancellationToken);

    /// <summary>Whether a question is so old that its call has taken the default, and deciding it would only be recorded on a call that is over.</summary>
    /// <param name="cause">What asks.</param>
    /// <param name="redelivered">Whether it was delivered before.</param>
    public bool IsTooLate(CallEvent cause, bool redelivered)
    {
        ArgumentNullException.ThrowIfNull(cause);
        if (_options.Life is not { } life || !(redelivered || _options.SharesClock))
            return false;
        var age = _time.GetUtcNow() - cause.OccurredAt;
        if (age <= life)
            return false;
        _failures.AddTooLate(cause.CallId, age);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_canary is not null)
            await _canary.DisposeAsync().ConfigureAwait(false);
        if (_activations is not null)
            await _activations.DisposeAsync().ConfigureAwait(false);
        if (_values is not null)
            await _values.DisposeAsync().ConfigureAwait(false);
        if (_logic is not null)
            await _logic.DisposeAsync().ConfigureAwait(false);
    }

    // What was activated is known before anything is compiled: no call is decided by the folder meanwhile.
    private async Task StartAsync(LogicFolder folder, CancellationToken cancellationToken)
    {
        if (_activations is not null)
            await _activations.ReadFirstAsync(cancellationToken).ConfigureAwait(false);
        if (_values is not null)
            await _values.StartAsync(cancellationToken).ConfigureAwait(false);
        await folder.StartAsync(_options.HotReload, cancellationToken).ConfigureAwait(false);
        _activations?.Start();
        if (_canary is not null)
            await _canary.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        if (!_starting.IsCompleted)
            await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        var result = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        var events = result.Failure is null
            ? DecisionEvents.Decided(request, result, _time.GetUtcNow())
            : await DefaultAsync(request, result, cancellationToken).ConfigureAwait(false);
        await _journal.AppendAsync(events, cancellationToken).ConfigureAwait(false);
    }

    private Task<DecisionResult> AskAsync(DecisionRequest request, CancellationToken cancellationToken) =>
        _logic?.DecideAsync(request, cancellationToken)
        ?? Task.FromResult(DecisionResults.Failed(
            request,
            LogicVersionName.None,
            RoutingFailureCause.NoLogic,
            "No routing logic is configured (EventCalls:Routing:Logic, or EventCalls:Routing:Webhook)."));

    private async Task<CallEvent[]> DefaultAsync(DecisionRequest request, DecisionResult result, CancellationToken cancellationToken)
    {
        if (request.Refer is { } refer)
        {
            // The call is up: what is configured for calls that nobody decides is not meant for it.
            Contracts.Handoff[] policy = [ReferSteps.Of(refer)];
            _failures.Add(request, result, HandoffWords.Of(policy));
            return DecisionEvents.Defaulted(request, result, null, policy, HandoffWords.Of(policy), _time.GetUtcNow());
        }

        if (request is { Command: not null, Target.Length: > 0 })
        {
            // Nothing is done to two who talk; the node is told, so that it waits no longer.
            _failures.Add(request, result, HandoffWords.NoneTaken);
            return DecisionEvents.Unchanged(request, result, HandoffWords.NoneTaken, _time.GetUtcNow());
        }

        var @default = _options.Default;
        string taken = @default.ToString();
        DecisionResult? flow = null;
        if (@default.Flow is { } name && result.Failure!.Cause != RoutingFailureCause.NoLogic)
        {
            flow = await AskAsync(request with { EntryFlow = name }, cancellationToken).ConfigureAwait(false);
            if (flow.Failure is { } failure)
            {
                taken = $"{HandoffWords.Of(@default.Steps)}, as the default flow '{name}' failed too: {failure.Message}";
                flow = null;
            }
        }

        _failures.Add(request, result, taken);
        return DecisionEvents.Defaulted(request, result, flow, flow?.Steps ?? @default.Steps, taken, _time.GetUtcNow());
    }
}
