using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Choosing;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Replay.Nightly;

/// <summary>Decides past calls again, each by the version that had decided it: whatever comes out otherwise rests on something that is not the call.</summary>
/// <param name="store">The calls.</param>
/// <param name="compile">Compiles a version.</param>
/// <param name="options">How calls are decided again.</param>
/// <param name="time">The clock.</param>
public sealed class SelfReplay(ICallStore store, Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>> compile, ReplayOptions options, TimeProvider time)
{
    /// <summary>Decides the calls again that started from one time on and before another, and ended.</summary>
    public async Task<NightlyResult> RunAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var examples = new List<NightlyExample>();
        var refused = new List<NightlyRefusal>();
        long same = 0, unknown = 0;
        foreach (string version in await store.ListLogicVersionsAsync(LogicVersionName.HashPrefix, cancellationToken).ConfigureAwait(false))
        {
            var query = new CallQuery { From = from, To = to, LogicVersion = version, Ended = true };
            long count = await store.CountAsync(query, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                continue;
            var sources = await store.FindLogicVersionAsync(version, cancellationToken).ConfigureAwait(false);
            var check = sources is null ? null : await compile(sources.Sources, cancellationToken).ConfigureAwait(false);
            using var logic = check?.Logic;
            if (logic is null)
            {
                // It does not compile tomorrow either: that is the verdict on its calls, and the other versions have theirs.
                versions[version] = count;
                refused.Add(new NightlyRefusal(version, count, check is null ? "is not in the store any more" : $"does not compile any more: {check.Diagnostics[0]}"));
                continue;
            }
            using var replayer = new Replayer(logic, options, time);
            var calls = await ChosenCalls.FindAsync(store, new CallChoice { Query = query }, cancellationToken).ConfigureAwait(false);
            await foreach (var call in replayer.RunAsync(calls.ReadAsync(null, cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                versions[version] = versions.GetValueOrDefault(version) + 1;
                if (call.Verdict == Verdict.Same)
                    same++;
                else if (call.Verdict == Verdict.NotReplayable)
                    unknown++;
                else if (examples.Count < NightlyResult.MostExamples)
                    examples.Add(new NightlyExample(call.Call.CallId, version, What(call)));
            }
        }
        return new NightlyResult { From = from, To = to, At = time.GetUtcNow(), Versions = versions, Calls = versions.Values.Sum(), Same = same, NotReplayable = unknown, Refused = refused, Examples = examples };
    }

    private static string What(ReplayedCall call) =>
        call.Error?.Message ?? call.Unrecorded ?? (call.Changes is [var change, ..] ? $"{change.Field} was {change.Was ?? "nothing"} and is {change.Now ?? "nothing"}" : WireName.Of(call.Verdict));
}
