using EventCalls.Contracts;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Reports.Json;
using EventCalls.Replay.Resuming;
using EventCalls.Store;

namespace EventCalls.Replay.Tests.Resuming;

public sealed class ResumingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-resume-").FullName;
    private ICallStore _store = null!;

    private string Checkpoint => Path.Combine(_folder, "replay.state");

    public async Task InitializeAsync()
    {
        _store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder, "calls.db") });
        await _store.MigrateAsync(CancellationToken.None);
        using var logic = Logics.Compile(Logics.Support);
        var past = new PastCalls(logic);
        var outcomes = new[] { TransferOutcome.Busy, TransferOutcome.NoAnswer };
        var calls = Enumerable.Range(0, 2_500).Select(i => past.Call(i % 3 == 0 ? "+15550001" : $"+1556{i:0000}", failures: outcomes[..(i % 3)]));
        foreach (var some in calls.Chunk(100))
            await _store.AppendAsync([.. some.SelectMany(PastCalls.Events).Select(EventToAppend.Of)], CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_replay_that_was_stopped_goes_on_and_comes_to_the_same_report_as_one_that_was_not()
    {
        string whole = await RunAsync(stopAt: null, resume: false);
        await RunAsync(stopAt: 700, resume: true);
        await RunAsync(stopAt: 900, resume: true);
        string inParts = await RunAsync(stopAt: null, resume: true);

        Assert.Contains("\"calls\": 2500", whole, StringComparison.Ordinal);
        Assert.Equal(whole, inParts);
    }

    [Fact]
    public async Task A_checkpoint_of_another_replay_or_a_damaged_one_is_refused()
    {
        await RunAsync(stopAt: 100, resume: true);
        using var state = new ReplayProgressState([]);
        var other = Assert.Throws<InvalidDataException>(() => new CheckpointFile(Checkpoint, "other", TimeProvider.System).Load(state));
        await using (var file = new FileStream(Checkpoint, FileMode.Open))
            file.SetLength(file.Length / 2);

        Assert.Contains("another replay (this)", other.Message, StringComparison.Ordinal);
        using var again = new ReplayProgressState(Rules());
        Assert.Throws<InvalidDataException>(() => new CheckpointFile(Checkpoint, "this", TimeProvider.System).Load(again));
    }

    [Fact]
    public async Task A_sample_has_its_size_and_is_the_same_one_each_time()
    {
        var choice = new CallChoice { Sample = 100 };
        var header = CallCondition.Header("f", "<sip:+15550001@*");
        var first = await IdsAsync(choice);

        Assert.Equal(100, first.Distinct().Count());
        Assert.Equal(first, await IdsAsync(choice));
        Assert.Equal(100, (await IdsAsync(new CallChoice { Sample = 100, Conditions = [header] })).Count);
        Assert.Equal(834, await CountAsync(new CallChoice { Sample = 5_000, Conditions = [header] }));
    }

    [Fact]
    public async Task Calls_are_chosen_by_number_prefix_header_and_field()
    {
        Assert.Equal(834, await CountAsync(new CallChoice { Query = new CallQuery { CallerPrefix = "+15550001" } }, chosen: true));
        Assert.Equal(834, await CountAsync(new CallChoice { Conditions = [CallCondition.Header("From", "<sip:+15550001@example.com>")] }, chosen: true));
        Assert.True(CallCondition.TryField("target", "sip:target*", out var target));
        Assert.Equal(2_500, await CountAsync(new CallChoice { Conditions = [target] }, chosen: true));
        Assert.False(CallCondition.TryField("nothing", "x", out _));
        await Assert.ThrowsAsync<UnknownCallException>(() => IdsAsync(new CallChoice { Ids = ["nobody"] }));
        Assert.Single(await IdsAsync(new CallChoice { Ids = ["call-17@example.com", "call-17@example.com"] }));
    }

    private static IReadOnlyList<GateRule> Rules()
    {
        Assert.True(GateRule.TryParse("moved:+4900", out var rule));
        return [rule];
    }

    private async Task<List<Guid>> IdsAsync(CallChoice choice)
    {
        var ids = new List<Guid>();
        await foreach (var call in (await ChosenCalls.FindAsync(_store, choice, CancellationToken.None)).ReadAsync(null, CancellationToken.None))
            ids.Add(call.Call.CallId);
        return ids;
    }

    private async Task<int> CountAsync(CallChoice choice, bool chosen = false)
    {
        if (!chosen)
            return (await IdsAsync(choice)).Count;
        using var logic = Logics.Compile(Logics.Support);
        using var replayer = new Replayer(logic, new ReplayOptions { Threads = 2, Chosen = choice.Predicate }, TimeProvider.System);
        int count = 0;
        await foreach (var call in replayer.RunAsync((await ChosenCalls.FindAsync(_store, choice, CancellationToken.None)).ReadAsync(null, CancellationToken.None), CancellationToken.None))
            count++;
        return count;
    }

    private async Task<string> RunAsync(int? stopAt, bool resume)
    {
        using var candidate = Logics.Compile(Logics.Support.Replace("\"+4900\"", "\"+4901\"", StringComparison.Ordinal));
        using var replayer = new Replayer(candidate, new ReplayOptions { Threads = 2 }, TimeProvider.System);
        using var state = new ReplayProgressState(Rules());
        var checkpoint = new CheckpointFile(Checkpoint, "this", TimeProvider.System);
        if (resume)
            checkpoint.Load(state);
        var calls = await ChosenCalls.FindAsync(_store, new CallChoice(), CancellationToken.None);
        int seen = 0;
        await foreach (var call in replayer.RunAsync(calls.ReadAsync(state.Last, CancellationToken.None), CancellationToken.None))
        {
            state.Add(call);
            if (++seen == stopAt)
                break;
        }
        if (resume && stopAt is not null)
            checkpoint.Save(state, TimeSpan.Zero);
        using var json = new MemoryStream();
        var run = new ReplayRun { Candidate = candidate.Version, CandidateName = "", Store = "", Query = new CallQuery(), BeganAt = DateTimeOffset.UnixEpoch, Baseline = state.Totals.Baseline };
        ReportJson.Write(json, state.Report.Build(run), state.Report.Changes);
        return System.Text.Encoding.UTF8.GetString(json.ToArray()) + string.Join(';', state.Rules.Select(rule => rule.Find(state.Totals)));
    }
}
