using EventCalls.Contracts;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

/// <summary><c>calls archive</c>, <c>mask</c> and <c>erase</c>.</summary>
public class CallsKeepTests
{
    [Theory]
    [InlineData("archive", "Archive")]
    [InlineData("mask", "Mask")]
    [InlineData("erase", "Erase")]
    public async Task Without_yes_calls_are_only_counted(string command, string name)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged(), RecordedCalls.Refused(), RecordedCalls.Open());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", command, "--to", "2027-01-01"));
        Assert.Equal($"{name}: 2 call(s); nothing was done. --yes does it.\n", run.Out, ignoreLineEndingDifferences: true);

        await run.RunAsync("calls", "list", "--json");
        Assert.Equal(3, run.OutLines.Count(line => line.StartsWith("{\"callId\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_erased_call_is_gone_from_everything_but_the_counts()
    {
        await using var run = new CommandRun();
        var call = RecordedCalls.ReferredThenBridged();
        await run.StoreAsync(call, RecordedCalls.Refused());
        await run.RunAsync("stats", "--json");
        string counted = Assert.Single(run.OutLines);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "erase", call.Id.ToString(), "--yes", "--json"));
        Assert.Equal("""{"action":"erase","calls":1,"done":1}""", run.OutLines[^1]);

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("calls", "show", call.Id.ToString()));
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("calls", "erase", call.Id.ToString(), "--yes"));
        await run.RunAsync("stats", "--json");
        Assert.Equal(counted, run.OutLines[^1]);
    }

    [Fact]
    public async Task A_call_that_is_open_is_left()
    {
        await using var run = new CommandRun();
        var call = RecordedCalls.Open();
        await run.StoreAsync(call);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "erase", call.Id.ToString(), "--yes", "--json"));

        Assert.Equal("""{"action":"erase","calls":1,"done":0}""", Assert.Single(run.OutLines));
    }

    [Theory]
    [InlineData("erase")]
    [InlineData("mask")]
    public async Task Recordings_go_with_their_call_and_what_could_not_be_deleted_is_said(string command)
    {
        await using var run = new CommandRun();
        string folder = Path.Combine(run.Folder, "recordings"), file = Path.Combine(folder, "2026", "call.wav"), elsewhere = Path.Combine(run.Folder, "secret.wav");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "sound");
        File.WriteAllText(elsewhere, "secret");
        run.Configure("Media:Recordings", folder);
        var call = new SampleCall(3);
        foreach (string location in new[] { file, elsewhere, Path.Combine(folder, "other-node.wav") })
            call.Then(new RecordingStored { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Location = location, DurationMs = 1000 });
        call.Ended(CallParty.Caller, CallEndCause.HungUp);
        await run.StoreAsync(call);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", command, call.Id.ToString()));
        Assert.True(File.Exists(file));
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", command, call.Id.ToString(), "--yes", "--json"));

        Assert.Equal($$"""{"action":"{{command}}","calls":1,"done":1,"recordings":1,"recordingsLeft":2}""", run.OutLines[^1]);
        Assert.False(Directory.Exists(Path.Combine(folder, "2026")));
        Assert.Equal("secret", File.ReadAllText(elsewhere));
        Assert.Contains($"not deleted: the recording {elsewhere} of call {call.Id:D}, made by node edge-1: it is not in the folder of recordings", run.Error, StringComparison.Ordinal);
        Assert.Contains("other-node.wav of call", run.Error, StringComparison.Ordinal);
        Assert.Contains("it is not on this machine", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_goes_on_keeps_its_recordings()
    {
        await using var run = new CommandRun();
        string file = Path.Combine(run.Folder, "call.wav");
        File.WriteAllText(file, "sound");
        run.Configure("Media:Recordings", run.Folder);
        var call = new SampleCall(3).Then(new RecordingStored { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Location = file, DurationMs = 1000 });
        await run.StoreAsync(call);
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "erase", call.Id.ToString(), "--yes"));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Archived_calls_are_listed_when_they_are_asked_for_and_grow_old_with_the_rest()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged(), RecordedCalls.Refused());
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "archive", "--outcome", "answered", "--yes", "--json"));
        Assert.Equal("""{"action":"archive","calls":1,"done":1}""", Assert.Single(run.OutLines));

        await run.RunAsync("calls", "list", "--archived", "--json");
        Assert.Contains("\"outcome\":\"answered\"", run.OutLines[^1], StringComparison.Ordinal);
        await run.RunAsync("calls", "erase", "--to", "2027-01-01", "--json");
        Assert.Equal("""{"action":"erase","calls":2,"done":0}""", run.OutLines[^1]);
    }

    [Theory]
    [InlineData("never for all calls")]
    [InlineData("and not both", "abc", "--older-than", "90d")]
    [InlineData("--older-than is '90'; expected days or hours such as 90d or 12h", "--older-than", "90")]
    public async Task Calls_have_to_be_chosen(string says, params string[] arguments)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Refused());

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync(["calls", "erase", "--yes", .. arguments]));

        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_not_there_stops_all_of_it()
    {
        await using var run = new CommandRun();
        var call = RecordedCalls.Refused();
        await run.StoreAsync(call);

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("calls", "erase", call.Id.ToString(), "nobody@nowhere", "--yes"));

        Assert.Contains("There is no call nobody@nowhere", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "show", call.Id.ToString()));
    }
}
