using EventCalls.Contracts;
using EventCalls.Routing.Lookups;
using EventCalls.Simulation.Forks;
using EventCalls.Store;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Simulation.Outages;

/// <summary>Plays past calls from their beginning with the real call state machine, in virtual time, while a trunk or a target does not do what it did, and counts what they come to.</summary>
/// <param name="outages">What is otherwise.</param>
/// <param name="folder">The folder of the logic that decides.</param>
/// <param name="version">Its content hash.</param>
/// <param name="settings">What is configured now.</param>
/// <param name="live">Where look-ups that were not recorded get their answers.</param>
/// <param name="time">The clock that watches over the logic.</param>
public sealed class OutagePlay(IReadOnlyList<Outage> outages, string folder, string version, ForkSettings settings, ILookupSource live, TimeProvider time)
{
    private const int MostExamples = 5;

    private readonly Dictionary<(string Was, string Now), List<Guid>> _examples = [];
    private readonly Dictionary<(string Was, string Now), long> _moves = [];
    private readonly Dictionary<string, long> _problems = new(StringComparer.Ordinal);
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
            await foreach (var call in calls.WithCancellation(ct).ConfigureAwait(false))
            {
                await PlayAsync(call, ct).ConfigureAwait(false);
                played();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            isStopped = true;
        }
        return new OutageReport
        {
            Outages = [.. outages.Select(o => o.ToString())],
            Logic = version,
            Calls = _calls,
            Touched = _touched,
            Moves = [.. _moves.OrderByDescending(m => m.Value).ThenBy(m => $"{m.Key.Was}\n{m.Key.Now}", StringComparer.Ordinal).Select(m => new OutageMove(m.Key.Was, m.Key.Now, m.Value, _examples[m.Key]))],
            NotPlayed = [.. _problems.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => new OutageProblem(p.Key, p.Value))],
            Stopped = isStopped,
        };
    }

    private async Task PlayAsync(CallHistory call, CancellationToken ct)
    {
        try
        {
            var recording = Recording.Read(call.Events);
            var result = await StoredFork.PlayAsync(recording, 1, null, folder, settings, live, time, ct, outages).ConfigureAwait(false);
            _calls++;
            if (result is null)
                Count(_problems, "the logic does not compile");
            else if (result.Mismatch is { } mismatch)
                Count(_problems, $"it does not play as it was recorded: {mismatch}");
            else if (result.Events.OfType<TransferStarted>().Any(a => outages.Any(o => o.Fits(a))))
                Add(call.Call, result.Events);
        }
        // An imported call may say what no message can carry.
        catch (Exception e) when (e is UnplayableCallException or InvalidOperationException or ArgumentException or TelephonyOptionsException)
        {
            _calls++;
            Count(_problems, e.Message);
        }
    }

    private void Add(CallRow was, IReadOnlyList<CallEvent> events)
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
}
