using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

/// <summary>A recorded call as files for SIPp.</summary>
public class CallsToSippTests
{
    [Fact]
    public async Task The_files_are_written_into_a_new_folder_and_never_over_others()
    {
        await using var run = new CommandRun();
        var call = RecordedCalls.ReferredThenBridged();
        await run.StoreAsync(call);
        var folder = Path.Combine(run.Folder, "again");

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "to-sipp", call.SipCallId, "--out", "again", "--json"));

        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(["callId", "folder", "files", "endpoints"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["caller.xml", "target-pstn.xml", "expected-events.json", "run.sh", "README.md"], json.RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetString()));
        Assert.All(json.RootElement.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(Path.Combine(folder, f.GetString()!))));
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "expected-events.json")));
        Assert.Equal(call.Events.Select(CallEventNames.Of), expected.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()));

        run.Forget();
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("calls", "to-sipp", call.SipCallId, "--out", "again"));
        Assert.Equal("--out is 'again', and something is there already. Name a folder that is new or empty.\n", run.Error);
    }
}
