using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Store;

namespace EventCalls.Replay.Tests.Reports;

/// <summary>Makes replayed calls as the engine would hand them over.</summary>
internal static class PastCalls
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static Handoff Invite(string number, string endpoint = "pstn") => new() { Method = HandoffMethod.Invite, PhoneNumber = number, OutboundEndpoint = endpoint };

    public static Handoff Refer(string uri) => new() { Method = HandoffMethod.Refer, ReferTo = uri };

    public static Handoff Reject(int status) => new() { Method = HandoffMethod.Reject, Status = status };

    public static Decided Decided(string flow, params Handoff[] steps) => new() { Flow = flow, State = new Dictionary<string, JsonElement>(), Steps = steps };

    public static Decided With(this Decided decided, string key, string value) =>
        decided with { State = new Dictionary<string, JsonElement>(decided.State) { [key] = JsonSerializer.SerializeToElement(value) } };

    /// <summary>A call that came out the same or, when both decisions differ, changed.</summary>
    public static ReplayedCall Call(
        int number, Decided was, Decided? now = null, DateTimeOffset? at = null, string caller = "+15550001111", string callee = "+12125550100", string trunk = "carrier",
        (string Name, string Value)[]? headers = null, params TransferOutcome[] outcomes)
    {
        var id = new Guid(number, 7, 7, [8, 0, 0, 0, 0, 0, 0, 1]);
        var started = at ?? Monday.AddSeconds(number);
        var changes = now is null ? [] : Changes(was, now);
        return new ReplayedCall
        {
            Call = new CallRow { CallId = id, StartedAt = started, LastEventId = id, Version = 6, Outcome = outcomes.Length > 0 ? outcomes[^1] : null },
            Started = Draft.Started(id, id, started, caller, callee, trunk) with
            {
                SipCallId = $"{number}@192.0.2.1",
                Headers = [new("Via", $"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{number}"), new("User-Agent", "Carrier 1.0"), .. (headers ?? []).Select(h => new SipHeader(h.Name, h.Value))],
            },
            Verdict = changes.Count > 0 ? Verdict.Changed : Verdict.Same,
            Decisions = [new ReplayedDecision(0, was, now ?? was)],
            Changes = changes,
            Attempts = [.. outcomes.Select((o, i) => new PastAttempt(was.Steps[Math.Min(i, was.Steps.Count - 1)], o, 100))],
        };
    }

    public static ReplayRun Run() => new()
    {
        Candidate = "sha256:" + new string('c', 64),
        CandidateName = "next-week",
        Store = "SQLite calls.db",
        Query = new CallQuery(),
        BeganAt = Monday.AddDays(30),
        Elapsed = TimeSpan.FromSeconds(2.5),
        Baseline = new Dictionary<string, long> { ["sha256:" + new string('b', 64)] = 10 },
    };

    public static ReplayReport Report(IEnumerable<ReplayedCall> calls)
    {
        using var builder = new ReplayReportBuilder();
        foreach (var call in calls)
            builder.Add(call);
        return builder.Build(Run());
    }

    private static List<FieldChange> Changes(Decided was, Decided now)
    {
        var changes = new List<FieldChange>();
        if (was.Flow != now.Flow)
            changes.Add(new FieldChange("flow", was.Flow, now.Flow));
        if (HandoffWords.Of(was.Steps[0]) != HandoffWords.Of(now.Steps[0]))
            changes.Add(new FieldChange("target", HandoffWords.Of(was.Steps[0]), HandoffWords.Of(now.Steps[0])));
        foreach (var key in was.State.Keys.Union(now.State.Keys))
        {
            var (before, after) = (Text(was, key), Text(now, key));
            if (before != after)
                changes.Add(new FieldChange("state." + key, before, after));
        }
        return changes;
    }

    private static string? Text(Decided decided, string key) => decided.State.TryGetValue(key, out var value) ? value.ToString() : null;
}
