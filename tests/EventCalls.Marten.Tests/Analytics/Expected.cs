using System.Text.Json.Nodes;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Marten.Tests.Analytics;

/// <summary>What the application has to show of the events that are stored, counted over them in their order.</summary>
internal sealed class Expected
{
    private readonly Dictionary<(string Target, DateTimeOffset Hour), Counts> _rates = [];

    /// <summary>The positions of the failed transfers.</summary>
    public List<long> Failed { get; } = [];

    /// <summary>The states of the handoffs in which something was tried.</summary>
    public Dictionary<Guid, string> Handoffs { get; } = [];

    public static async Task<Expected> OfAsync(ICallStore store)
    {
        var (expected, begun) = (new Expected(), new Dictionary<(Guid, int), TransferStarted>());
        await foreach (var stored in store.ReadAllAsync(EventRange.All, default).Where(e => e.Type.StartsWith("transfer_", StringComparison.Ordinal)))
        {
            switch (stored.Read())
            {
                case TransferStarted started:
                    begun[(started.HandoffId, started.Attempt)] = started;
                    expected.Handoffs[started.HandoffId] = "tried";
                    break;
                case TransferFailed failed:
                    expected.Failed.Add(stored.Position);
                    expected.Decide(begun.GetValueOrDefault((failed.HandoffId, failed.Attempt)), answered: null);
                    expected.Handoffs[failed.HandoffId] = "failed";
                    break;
                case TransferCompleted completed:
                    expected.Decide(begun.GetValueOrDefault((completed.HandoffId, completed.Attempt)), completed.Outcome == TransferOutcome.Answered);
                    expected.Handoffs[completed.HandoffId] = "done";
                    break;
            }
        }
        return expected;
    }

    /// <summary>Whether rates are these. That nothing is twice shows in the counts, and that all came in order in how many failed in a row.</summary>
    public bool Fits(JsonNode rates) => rates.AsArray().Count == _rates.Count && rates.AsArray().All(rate =>
        _rates.GetValueOrDefault(((string)rate!["target"]!, DateTimeOffset.Parse((string)rate["hour"]!))) is { } counts
        && counts == new Counts((int)rate["decided"]!, (int)rate["answered"]!, (int)rate["failedInARow"]!, (int)rate["mostFailedInARow"]!));

    private void Decide(TransferStarted? attempt, bool? answered)
    {
        if (attempt is null or { Target: "" })
            return;
        var at = attempt.OccurredAt;
        var key = (attempt.Target, new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero));
        var before = _rates.GetValueOrDefault(key) ?? new Counts(0, 0, 0, 0);
        int failed = answered is null ? before.FailedInARow + 1 : 0;
        _rates[key] = new Counts(before.Decided + 1, before.Answered + (answered == true ? 1 : 0), failed, Math.Max(failed, before.Most));
    }

    private sealed record Counts(int Decided, int Answered, int FailedInARow, int Most);
}
