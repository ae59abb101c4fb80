using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Routing.Tests.Values;

public sealed class ValueWatchTests : IDisposable
{
    private const string ByHoliday = """return Handoff.Bye(conv.Config("holiday") ?? "nothing");""";

    private readonly TempFolder _folder = new();
    private readonly Journal _journal = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Set _set = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_operators_set_is_decided_by_within_a_second_and_recorded()
    {
        await using var router = await StartAsync(_set);

        await router.DecideAsync(Calls.Started(), default);
        Assert.Equal("nothing", Reason());

        await ChangeAsync("yes");
        await router.DecideAsync(Calls.Started(), default);
        Assert.Equal("yes", Reason());
        Assert.Equal(new LookupAnswer("config:holiday", "", "yes"), Assert.Single(Selected().Inputs!.Lookups));

        // While the store is away it stays as it was.
        _set.Fails = true;
        await ChangeAsync("no");
        await router.DecideAsync(Calls.Started(), default);
        Assert.Equal("yes", Reason());
    }

    [Fact]
    public async Task A_past_call_gets_what_was_set_then()
    {
        await using var router = await StartAsync(_set);
        await ChangeAsync("yes");
        await router.DecideAsync(Calls.Started(), default);
        await ChangeAsync("no");

        var again = Logics.Decide(Logics.Start(ByHoliday), options: new DecideOptions { Lookups = new RecordedLookups(Selected().Inputs!.Lookups) });

        Assert.Equal("yes", again.Steps[0].Reason);
    }

    [Fact]
    public async Task A_router_without_a_store_says_that_it_knows_of_nothing()
    {
        await using var router = await StartAsync(null);

        await router.DecideAsync(Calls.Started(), default);

        Assert.Contains("What operators have set is not known here", Assert.IsType<RoutingFailed>(_journal.Appends[^1][0]).Message, StringComparison.Ordinal);
    }

    private FlowSelected Selected() => Assert.IsType<FlowSelected>(_journal.Appends[^1][0]);

    private string? Reason() => Assert.IsType<HandoffRequested>(_journal.Appends[^1][1]).Steps[0].Reason;

    private async Task ChangeAsync(string value)
    {
        _set.Value = value;
        int reads = _set.Reads;
        while (_set.Reads < reads + 2)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }
    }

    private async Task<Router> StartAsync(Set? set)
    {
        _folder.Write("line.cs", Logics.Start(ByHoliday));
        var options = new RouterOptions { LogicPath = _folder.Path, Isolation = LogicIsolation.InProcess, DecisionThreads = 1, HotReload = false, TimeLimit = TimeSpan.FromSeconds(5) };
        var router = new Router(options, _journal, new VersionSink(), LookupTables.None, _time, NullLogger<Router>.Instance, values: set);
        await router.StartAsync(default);
        return router;
    }

    private sealed class Set : IOperatorValues
    {
        private long _number;

        public string? Value
        {
            get;
            set
            {
                field = value;
                Interlocked.Increment(ref _number);
            }
        }

        public bool Fails { get; set; }

        public int Reads { get; private set; }

        public Task<OperatorValues?> ReadValuesAsync(long seen, CancellationToken cancellationToken)
        {
            Reads++;
            if (Fails)
                return Task.FromException<OperatorValues?>(new IOException("away"));
            long number = Volatile.Read(ref _number);
            return Task.FromResult(number == seen ? null : new OperatorValues(number, Value is { } value ? new Dictionary<string, string> { ["holiday"] = value } : []));
        }
    }
}
