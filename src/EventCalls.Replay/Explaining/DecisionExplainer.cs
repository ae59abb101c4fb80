using System.Text.RegularExpressions;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Store;
using Microsoft.Extensions.Logging;

namespace EventCalls.Replay.Explaining;

/// <summary>Explains past decisions: decides again with the stored version of the logic and the recorded inputs, and watches what is read.</summary>
/// <remarks>A version is compiled once, however many decisions of it are explained. Not safe from several threads.</remarks>
public sealed partial class DecisionExplainer : IAsyncDisposable
{
    private const int LinesBefore = 2;
    private const int LinesAfter = 1;

    // What took part in a decision is what counts here; how long it takes on this machine does not.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, LogicCheck?> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<LogicSource>> _sources = new(StringComparer.Ordinal);
    private readonly ICallStore _store;
    private readonly IReadOnlySet<string>? _knownEndpoints;
    private readonly ILogicRunner _runner;

    /// <param name="store">Where the sources of past versions are kept.</param>
    /// <param name="knownEndpoints">The outbound endpoints configured now, for decisions that failed on one that was not; null leaves them unchecked.</param>
    /// <param name="deciders">How the processes are started that decide; null decides in this process.</param>
    /// <param name="time">The clock that watches over the logic.</param>
    /// <param name="logger">Where logic that hangs is reported.</param>
    public DecisionExplainer(ICallStore store, IReadOnlySet<string>? knownEndpoints, DeciderProcessOptions? deciders, TimeProvider time, ILogger logger)
    {
        _store = store;
        _knownEndpoints = knownEndpoints;
        _runner = deciders is null
            ? new DecisionThreads(new DecisionThreadsOptions { Count = 1, Impatient = false }, time, logger)
            : new DeciderPool(new DeciderPoolOptions { Process = deciders, Spares = 0, IsImpatient = false }, time, logger);
    }

    /// <summary>Explains one decision.</summary>
    public async Task<Explanation> ExplainAsync(RecordedDecision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        string? note = NoteOf(decision);
        if (decision.Kind is DecisionKind.Webhook or DecisionKind.None or DecisionKind.Deadline or DecisionKind.Api or DecisionKind.Policy)
            return new Explanation { Decision = decision, Note = note };
        string version = decision.Selected!.LogicVersion;
        if (decision.Request is not { } request)
            return new Explanation { Decision = decision, IsRepeated = false, Note = "The stream does not say what this decision was asked about, so it cannot be taken again." };
        if (await CompiledAsync(version, cancellationToken).ConfigureAwait(false) is not { } check)
            return new Explanation { Decision = decision, IsRepeated = false, Note = $"The sources of the logic {version} are not in the store, so the decision cannot be taken again." };
        if (check.Logic is not { } logic)
            return new Explanation { Decision = decision, IsRepeated = false, Note = $"The stored sources of the logic {version} do not compile with this version of EventCalls: {check.Diagnostics[0]}" };
        var again = await DecideAsync(logic, decision, request).ConfigureAwait(false);
        return decision.Failed is { } failed
            ? await ExplainFailureAsync(logic, decision, request, failed, again, note).ConfigureAwait(false)
            : Compared(decision, again, DecisionDifferences.Of(decision, again), note);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync().ConfigureAwait(false);
        foreach (var check in _versions.Values)
            check?.Logic?.Dispose();
    }

    /// <summary>The file and line that a recorded <c>DecidedBy</c> names; null for both when it names none.</summary>
    public static (string? File, int? Line) PlaceOf(string decidedBy)
    {
        var match = Place().Match(decidedBy);
        return match.Success && int.TryParse(match.Groups["line"].ValueSpan, out int line) ? (match.Groups["file"].Value, line) : (null, null);
    }

    private async Task<Explanation> ExplainFailureAsync(
        CompiledLogic logic, RecordedDecision decision, DecisionRequest request, RoutingFailed failed, DecisionResult again, string? note)
    {
        var differences = DecisionDifferences.OfFailure(failed, again);
        if (decision.Selected!.Flow != "default" && decision.Handoff is not { Steps.Count: 0 } && differences.Count == 0)
        {
            // The default was a flow of the logic, and that flow decided then.
            var flow = await DecideAsync(logic, decision, request with { EntryFlow = decision.Selected.Flow }).ConfigureAwait(false);
            return Compared(decision, flow, DecisionDifferences.Of(decision, flow), note);
        }

        return Compared(decision, again, differences, note);
    }

    private Explanation Compared(RecordedDecision decision, DecisionResult again, IReadOnlyList<FieldChange> differences, string? note)
    {
        var (file, line) = again.Failure is { File: { } failedIn, Line: { } failedAt } ? (failedIn, failedAt) : PlaceOf(decision.Selected!.DecidedBy);
        if (file is null && again.Failure is not null)
            (file, line) = PlaceOf(again.DecidedBy);
        var source = SourceOf(decision.Selected!.LogicVersion, file, line);
        if (file is not null && source.Count == 0)
            note ??= "That line is EventCalls' own: what a logic does that does not say otherwise.";
        return new Explanation
        {
            Decision = decision,
            File = file,
            Line = line,
            Source = source,
            Again = again,
            IsRepeated = differences.Count == 0,
            Differences = differences,
            Note = note,
        };
    }

    private Task<DecisionResult> DecideAsync(CompiledLogic logic, RecordedDecision decision, DecisionRequest request) => _runner.RunAsync(logic, request, new DecideOptions
    {
        Lookups = new RecordedLookups(decision.Selected?.Inputs?.Lookups ?? []),
        TimeLimit = s_limit,
        KnownEndpoints = decision.Failed?.Cause == RoutingFailureCause.InvalidDecision ? _knownEndpoints : null,
        Trace = true,
    });

    private async Task<LogicCheck?> CompiledAsync(string version, CancellationToken cancellationToken)
    {
        if (_versions.TryGetValue(version, out var known))
            return known;
        var loaded = await _store.FindLogicVersionAsync(version, cancellationToken).ConfigureAwait(false);
        var check = loaded is null ? null : await _runner.CompileAsync(loaded.Sources, cancellationToken).ConfigureAwait(false);
        _sources[version] = loaded?.Sources ?? [];
        return _versions[version] = check;
    }

    private IReadOnlyList<(int Number, string Text)> SourceOf(string version, string? file, int? line)
    {
        if (file is null || line is not { } at || _sources[version].FirstOrDefault(s => s.Path == file) is not { } source)
            return [];
        string[] lines = source.Text.Split('\n');
        int first = Math.Max(1, at - LinesBefore);
        int last = Math.Min(lines.Length, at + LinesAfter);
        return [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(n => (n, lines[n - 1].TrimEnd('\r')))];
    }

    private static string? NoteOf(RecordedDecision decision) => decision.Kind switch
    {
        DecisionKind.Webhook => $"A web service decided ({decision.Selected!.LogicVersion}). Its answer is recorded; what it read and why it chose so is known there only, and it is not asked again.",
        DecisionKind.None => $"There was no routing logic, so the configured default was taken: {decision.Failed?.DefaultTaken ?? "see the handoff"}.",
        DecisionKind.Default => $"The logic failed, {DecisionDifferences.NameOf(decision.Failed!.Cause)}: {decision.Failed.Message} The configured default was taken instead: {decision.Failed.DefaultTaken}.",
        DecisionKind.Deadline => $"Nobody had decided within {decision.TimedOut!.DeadlineMs} ms, so the node took the configured default: {decision.TimedOut.DefaultTaken}.",
        DecisionKind.Policy => $"The {decision.OnRefer!.Leg} asked for it by REFER, and the policy of its trunk says {WireName.Of(decision.OnRefer.Policy)}; no logic decided.",
        DecisionKind.Api when decision.OnCommand is { } command => $"It was asked for through the API, by {PlainText.Of(command.By)}{(command.Reason is { } reason ? $" ({PlainText.Of(reason)})" : "")}; no logic decided.",
        DecisionKind.Api => "It was asked for through the API; no logic decided.",
        _ => null,
    };

    [GeneratedRegex(@"\((?<file>[^()]+):(?<line>\d+)\)$")]
    private static partial Regex Place();
}
