using EventCalls.Contracts;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Simulation.Forks;
using EventCalls.Store;
using EventCalls.Telephony.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Simulation.Outages;

/// <summary>Plays past calls from their beginning with the real call state machine, in virtual time, while a trunk or a target does not do what it did, and counts what they come to.</summary>
/// <param name="outages">What is otherwise.</param>
/// <param name="candidate">The logic that decides.</param>
/// <param name="settings">What is configured now.</param>
/// <param name="live">Where look-ups that were not recorded get their answers.</param>
/// <param name="threads">How many calls are played at the same time.</param>
/// <param name="time">The clock that watches over the logic.</param>
public sealed class OutagePlay(IReadOnlyList<Outage> outages, CompiledLogic candidate, ForkSettings settings, ILookupSource live, int threads, TimeProvider time)
{
    private const int MostExamples = 5;

    // One for all calls: where decisions are taken it is known by what it is, and sent once.
    private readonly ILookupSource _live = live is LookupTables tables ? tables.ForLiveCalls() : live;
    private readonly Dictionary<(string Was, string Now), List<Guid>> _examples = [];
    private readonly Dictionary<(string Was, string Now), long> _moves = [];
    private readonly Dictionary<string, long> _problems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _hints = new(StringComparer.Ordinal);
    private long _calls;
    private long _touched;

    /// <summary>Plays all calls; those that the outage does not touch are only counted.</summary>
    /// <param name="calls">The calls with their whole streams.</param>
    /// <param name="played">Told after each call.</param>
    /// <param name="ct">Stops it: the report is of the calls until then.</param>
    public async Task<OutageReport> RunAsync(IAsyncEnumerable<CallHistory> calls, Action played, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(played);
        bool isStopped = false;
        try
        {
            await using var ready = await ReadyLogic.StartAsync(candidate, settings.Router, _live, time, NullLogger.Instance, ct).ConfigureAwait(false);
            await PlayAllAsync(ready, calls, played, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            isStopped = true;
        }
        return new OutageReport
        {
            Outages = [.. outages.Select(o => o.ToString())],
            Logic = candidate.Version,
            Calls = _calls,
            Touched = _touched,
            Moves = [.. _moves.OrderByDescending(m => m.Value).ThenBy(m => $"{m.Key.Was}\n{m.Key.Now}", StringComparer.Ordinal).Select(m => new OutageMove(m.Key.Was, m.Key.Now, m.Value, _examples[m.Key]))],
            NotPlayed = Counted(_problems),
            Hints = Counted(_hints),
            Stopped = isStopped,
        };
    }

    // Some at the same time, and counted in their order, so that the report is the same each time.
    private async Task PlayAllAsync(ReadyLogic ready, IAsyncEnumerable<CallHistory> calls, Action played, CancellationToken ct)
    {
        var underWay = new Queue<Task<Played>>();
        try
        {
            await foreach (var call in calls.WithCancellation(ct).ConfigureAwait(false))
            {
                underWay.Enqueue(Task.Run(() => PlayAsync(ready, call, ct), ct));
                if (underWay.Count >= threads)
                    await CountNextAsync().ConfigureAwait(false);
            }
            while (underWay.Count > 0)
                await CountNextAsync().ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAll(underWay.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task CountNextAsync()
        {
            Count(await underWay.Dequeue().ConfigureAwait(false));
            played();
        }
    }

    private async Task<Played> PlayAsync(ReadyLogic ready, CallHistory call, CancellationToken ct)
    {
        try
        {
            var recording = Recording.Read(call.Events);
            await using var router = Fork.RouterFor(recording, settings, ready, new RecordedThenLiveLookups(recording.Lookups, _live), time);
            var result = await Fork.PlayAsync(recording, 1, null, settings, router, ct, outages).ConfigureAwait(false);
            return result.Mismatch is { } mismatch
                ? new Played(call.Call, Problem: $"it does not play as it was recorded: {mismatch}")
                : new Played(call.Call, result.Events);
        }
        // An imported call may say what no message can carry.
        catch (Exception e) when (e is UnplayableCallException or InvalidOperationException or ArgumentException or TelephonyOptionsException)
        {
            return new Played(call.Call, Problem: e.Message);
        }
    }

    private void Count(Played call)
    {
        _calls++;
        if (call.Problem is { } problem)
            Count(_problems, problem);
        var attempts = (call.Events ?? []).OfType<TransferStarted>().ToList();
        if (attempts.Any(a => outages.Any(o => o.Fits(a))))
            CountTouched(call.Was, call.Events!);
        foreach (var outage in outages)
        {
            if (attempts.FirstOrDefault(a => outage.IsAt(a) && outage.SaysNothingOf(a)) is { } attempt)
                Count(_hints, $"{outage.Injection} says nothing of {WireName.Of(attempt.Method).ToUpperInvariant()}, by which these reach the {outage.Place}: they come to what they came to");
        }
    }

    private void CountTouched(CallRow was, IReadOnlyList<CallEvent> events)
    {
        _touched++;
        CallRow? now = null;
        foreach (var e in events)
            now = CallProjection.Apply(now, e, (now?.Version ?? 0) + 1);
        var move = (Words(was), Words(now!));
        Count(_moves, move);
        if (!_examples.TryGetValue(move, out var examples))
            _examples.Add(move, examples = []);
        if (examples.Count < MostExamples)
            examples.Add(was.CallId);
    }

    private static string Words(CallRow row) => row switch
    {
        { Outcome: { } outcome, Target: { Length: > 0 } target } => $"{WireName.Of(outcome)} at {target}",
        { Outcome: { } outcome, Handoff: { } handoff } => $"{WireName.Of(handoff)}: {WireName.Of(outcome)}",
        { EndCause: { } cause } => $"ended: {WireName.Of(cause)}",
        _ => "under way",
    };

    private static void Count<TKey>(Dictionary<TKey, long> counts, TKey key)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static IReadOnlyList<OutageProblem> Counted(Dictionary<string, long> counts) =>
        [.. counts.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => new OutageProblem(p.Key, p.Value))];

    private sealed record Played(CallRow Was, IReadOnlyList<CallEvent>? Events = null, string? Problem = null);
}
