using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Limits;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests.Deciding;

public sealed class DecisionThreadsTests : IDisposable
{
    private readonly BlockingLookups _lookups = new();
    private readonly DecideOptions _short;

    public DecisionThreadsTests() => _short = new() { TimeLimit = TimeSpan.FromMilliseconds(20), Lookups = _lookups };

    public void Dispose() => _lookups.Release();

    [Fact]
    public async Task A_decision_that_cannot_be_stopped_is_answered_and_its_thread_replaced()
    {
        using var logic = Logics.Load(Hangs);
        using var threads = Threads(1);

        var hung = await threads.RunAsync(logic, Request("bad"), _short).WaitAsync(TimeSpan.FromSeconds(30));
        var next = await threads.RunAsync(logic, Request("good"), _short with { TimeLimit = TimeSpan.FromSeconds(20) }).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(RoutingFailureCause.LogicTimedOut, hung.Failure!.Cause);
        Assert.Contains("thread was given up", hung.Failure.Message, StringComparison.Ordinal);
        Assert.Null(next.Failure);
    }

    [Fact]
    public async Task Logic_that_hangs_again_and_again_is_disabled_until_its_threads_come_back()
    {
        using var logic = Logics.Load(Hangs);
        using var other = Logics.Load(Logics.Sample);
        using var threads = Threads(2);
        var patient = new DecideOptions { TimeLimit = TimeSpan.FromSeconds(20) };
        int hung = 0;
        string message;
        while (!(message = (await threads.RunAsync(logic, Request("bad"), _short).WaitAsync(TimeSpan.FromSeconds(30))).Failure!.Message).Contains("disabled"))
            hung += message.Contains("given up") ? 1 : 0;

        Assert.Equal(LogicHealth.MaxAbandoned, hung);
        Assert.Null((await threads.RunAsync(other, Request("+15551234567"), patient).WaitAsync(TimeSpan.FromSeconds(30))).Failure);
        _lookups.Release();
        var back = DateTime.UtcNow.AddSeconds(30);
        while ((await threads.RunAsync(logic, Request("good"), patient).WaitAsync(TimeSpan.FromSeconds(30))).Failure is not null)
            Assert.True(DateTime.UtcNow < back, "It stayed disabled.");
    }

    [Fact]
    public async Task Logic_whose_every_decision_overruns_is_left_alone_for_a_while()
    {
        using var logic = Logics.Load(Logics.Start("while (true) { }"));
        using var threads = Threads(1);
        var tried = new List<string>();
        Task<DecisionResult> run;
        while (!(await (run = threads.RunAsync(logic, Request("1"), _short))).Failure!.Message.Contains("paused"))
            tried.Add((await run).Failure!.Message);

        Assert.Equal(16, tried.Count(m => m.StartsWith("The logic was stopped", StringComparison.Ordinal)));
        Assert.True(threads.RunAsync(logic, Request("1"), _short).IsCompleted);
    }

    [Fact]
    public async Task A_replay_tries_every_decision_however_many_overran()
    {
        using var logic = Logics.Load(Logics.Start("while (conv.CallerNumber == \"bad\") { } return Handoff.Bye();"));
        using var threads = new DecisionThreads(
            new DecisionThreadsOptions { Count = 1, Impatient = false, Grace = TimeSpan.FromSeconds(20) }, TimeProvider.System, NullLogger.Instance);
        var bad = Enumerable.Range(0, 20).Select(_ => threads.RunAsync(logic, Request("bad"), _short)).ToList();

        var good = await threads.RunAsync(logic, Request("good"), _short);

        Assert.Null(good.Failure);
        Assert.All(await Task.WhenAll(bad), r => Assert.Contains("ran longer than 20 ms", r.Failure!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_decision_that_waited_too_long_for_a_thread_is_not_tried_any_more()
    {
        using var logic = Logics.Load(Logics.Start("while (conv.CallerNumber == \"bad\") { } return Handoff.Bye();"));
        using var threads = new DecisionThreads(
            new DecisionThreadsOptions { Count = 1, Grace = TimeSpan.FromMilliseconds(1) }, TimeProvider.System, NullLogger.Instance);

        // A new version starts with a clean record, so each of these holds the thread for its whole limit.
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => threads.RunAsync(logic, Request("bad"), _short)))
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains(results, r => r.Failure!.Message.Contains("No decision thread was free", StringComparison.Ordinal));
        Assert.All(results, r => Assert.Equal(RoutingFailureCause.LogicTimedOut, r.Failure!.Cause));
    }

    [Fact]
    public async Task Many_callers_share_the_threads()
    {
        using var logic = Logics.Load(Logics.Sample);
        using var threads = Threads(2);

        var results = await Task.WhenAll(Enumerable.Range(0, 5000).Select(_ =>
            threads.RunAsync(logic, Request("+15551234567"), new DecideOptions { TimeLimit = TimeSpan.FromSeconds(20) })));

        Assert.All(results, r => Assert.Null(r.Failure));
    }

    [Fact]
    public async Task After_the_end_no_decision_is_taken()
    {
        using var logic = Logics.Load(Logics.Sample);
        var threads = Threads(1);
        threads.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => threads.RunAsync(logic, Request("1"), _short));
    }

    // What no check point ends: a call out of the logic that does not come back.
    private static readonly string Hangs = Logics.Start(
        "return conv.CallerNumber == \"bad\" ? Handoff.Bye(conv.Lookup(\"t\", \"k\")) : Handoff.Bye();");

    private static DecisionThreads Threads(int count) =>
        new(new DecisionThreadsOptions { Count = count, Grace = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, NullLogger.Instance);

    private static DecisionRequest Request(string caller) => DecisionRequest.For(Calls.Started(caller: caller));
}
