using System.Text.Json;
using EventCalls.Console.Live;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Console.Tests;

public sealed class LiveTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Who_follows_gets_the_calls_that_are_up_and_then_what_changes_once_for_each_call()
    {
        await using var console = await ServedStore.StartAsync();
        var open = Now(RecordedCalls.Open(4));
        await console.AppendAsync(open);
        await using var events = await console.Client.GetStreamAsync("/api/live");
        using var reader = new StreamReader(events);
        var (name, up) = await NextAsync(reader);
        Assert.Equal("up", name);
        Assert.Equal(1, up.GetProperty("total").GetInt32());
        Assert.Equal(open[0].CallId, up.GetProperty("calls")[0].GetProperty("callId").GetGuid());

        var fresh = Now(RecordedCalls.Referred(2));
        await console.AppendAsync(fresh[..3]);
        (name, var started) = await NextAsync(reader);
        Assert.Equal("calls", name);
        Assert.Equal(fresh[0].CallId, Assert.Single(started.GetProperty("started").EnumerateArray()).GetProperty("callId").GetGuid());
        Assert.Empty(started.GetProperty("updated").EnumerateArray());

        await console.AppendAsync(fresh[3..]);
        (_, var ended) = await NextAsync(reader);
        var over = Assert.Single(ended.GetProperty("ended").EnumerateArray());
        Assert.Equal("answered", over.GetProperty("outcome").GetString());
        Assert.Empty(ended.GetProperty("started").EnumerateArray());
        var still = await console.Client.JsonAsync("/api/live/calls");
        Assert.Equal(1, still.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_key_that_is_revoked_is_shown_nothing_more()
    {
        using var keys = new Keys();
        string token = keys.New("wallboard", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/live");
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var answer = await console.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("up", (await NextAsync(reader)).Name);

        keys.File.Change(all => [.. all.Select(key => key with { RevokedAt = DateTimeOffset.UnixEpoch })]);
        await console.AppendAsync(Now(RecordedCalls.Open(4)));

        using var limit = new CancellationTokenSource(s_longest);
        Assert.Equal("", (await reader.ReadToEndAsync(limit.Token)).Trim());
    }

    [Fact]
    public async Task Calls_whose_beginning_was_not_heard_are_all_found_however_many_are_heard_of_at_once()
    {
        await using var console = await ServedStore.StartAsync();
        var rows = new LiveRows();
        for (int i = 0; i < 25; i++)
            await console.AppendAsync(Now(RecordedCalls.Open(i + 1)));
        await foreach (var e in console.Store.ReadAllAsync(new EventRange(), default))
        {
            if (e.Version > 1)
                rows.Take(e, TimeProvider.System.GetUtcNow());
        }

        Guid[] found = [.. rows.TakeUnknown(20), .. rows.TakeUnknown(20)];
        Assert.Equal(25, found.Distinct().Count());
        Assert.Empty(rows.TakeUnknown(20));
    }

    [Fact]
    public void However_many_calls_change_a_message_is_bounded_counts_all_and_names_those_that_are_gone()
    {
        var now = DateTimeOffset.UnixEpoch;
        CallRow Row(int n, DateTimeOffset? ended = null) => new() { CallId = new Guid(n, 0, 0, new byte[8]), StartedAt = now.AddSeconds(n), EndedAt = ended, LastEventId = Guid.Empty, Version = 1, Trunk = "carrier", Flow = "vip" };
        var up = Enumerable.Range(1, 300).Select(n => Row(n)).ToList();
        var over = Enumerable.Range(1001, 250).Select(n => Row(n, now.AddSeconds(n))).ToList();

        var message = LiveChanges.Of([.. up.Select(row => new LiveChange(row, LiveKind.Started)), .. over.Select(row => new LiveChange(row, LiveKind.Ended))], 550, up, 100);

        Assert.Equal((100, 0, 100, 150, 350), (message.Started.Count(), message.Updated.Count(), message.Ended.Count(), message.Gone.Count(), message.LeftOut));
        Assert.Equal(up[^1].CallId, message.Started.First().CallId);
        Assert.Equal((300, 550, 250, 250, 300), (message.Total, message.Began, message.Flows["vip"], message.Outcomes[""], message.Trunks["carrier"]));
        Assert.Equal(over.Count, message.Ended.Select(call => call.CallId).Concat(message.Gone).Distinct().Count());
    }

    [Fact]
    public async Task Who_takes_too_slowly_is_dropped()
    {
        await using var console = await ServedStore.StartAsync();
        await using var board = new LiveBoard(console.Store, TimeProvider.System, NullLogger.Instance);
        using var slow = board.Listen()!;
        var dropped = new TaskCompletionSource();
        slow.Dropped = dropped.SetResult;
        for (int i = 0; !dropped.Task.IsCompleted; i++)
            slow.Give(new LiveMessage("calls", default));
        await dropped.Task;
        Assert.False(slow.Messages.Completion.IsCompleted);
        int left = 0;
        while (slow.Messages.TryRead(out _))
            left++;
        Assert.InRange(left, 1, 16);
        await slow.Messages.Completion.WaitAsync(s_longest);
    }

    [Fact]
    public async Task Only_so_many_may_follow_and_a_stop_ends_them_all()
    {
        await using var console = await ServedStore.StartAsync();
        var board = new LiveBoard(console.Store, TimeProvider.System, NullLogger.Instance);
        var listeners = new List<LiveListener>();
        while (board.Listen() is { } listener)
            listeners.Add(listener);
        Assert.Equal(100, listeners.Count);
        listeners[0].Dispose();
        Assert.NotNull(board.Listen());
        await board.DisposeAsync();
        Assert.Null(board.Listen());
        foreach (var listener in listeners)
        {
            while (await listener.Messages.WaitToReadAsync(default))
                listener.Messages.TryRead(out _);
        }
    }

    // News is of today.
    private static CallEvent[] Now(SampleCall call)
    {
        var by = TimeProvider.System.GetUtcNow() - call.Started.OccurredAt;
        return [.. call.Events.Select(e => e with { OccurredAt = e.OccurredAt + by })];
    }

    private static async Task<(string Name, JsonElement Data)> NextAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(s_longest);
        string? line = await reader.ReadLineAsync(limit.Token);
        while (line is not null && !line.StartsWith("event: ", StringComparison.Ordinal))
            line = await reader.ReadLineAsync(limit.Token);
        string data = (await reader.ReadLineAsync(limit.Token))!;
        Assert.StartsWith("data: ", data, StringComparison.Ordinal);
        return (line!["event: ".Length..], JsonElement.Parse(data["data: ".Length..]));
    }
}
