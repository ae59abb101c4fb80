using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands.Replay;

/// <summary>Replays from the command line: out of a history, against another version, with changes that were announced.</summary>
public sealed class ReplayCommandTests
{
    private const string To4900 = "public sealed class Line : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Invite(\"4900\", outboundEndpoint: \"pstn\"); }";

    [Fact]
    public async Task A_history_is_replayed_without_a_store_against_another_version()
    {
        await using var run = await StoredAsync();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("history", "export", "calls.history", "--anonymize", "--keep-header", "*"));
        Assert.Contains("2 calls written to calls.history.", run.Error, StringComparison.Ordinal);
        run.Configure("Store:Sqlite", Path.Combine(run.Folder, "nowhere", "calls.db"));
        run.Forget();

        Assert.NotEqual(ExitCodes.Done, await run.RunAsync("history", "export", "calls.history", "--keep-header", "X-Tier"));
        Assert.Contains("--keep-header says how callers are made unknown; give --anonymize with it", run.Error, StringComparison.Ordinal);
        run.Forget();
        await run.RunAsync("replay", "--history", "calls.history", "--logic", "new", "--isolation", "in-process");
        Assert.Contains("Tokens stand in that file for who called", run.Error, StringComparison.Ordinal);
        run.Forget();
        int code = await run.RunAsync("replay", "--history", "calls.history", "--logic", "new", "--baseline", "old", "--isolation", "in-process", "--json", "-", "--fail-on", "changed>0 where callee=+15557654321", "--markdown", "r.md", "--junit", "r.xml", "--sarif", "r.sarif", "--annotations", "r.txt", "--html", "r.html");

        using var report = JsonDocument.Parse(run.Out);
        Assert.Equal(ExitCodes.NotSo, code);
        Assert.Equal(2, report.RootElement.GetProperty("changed").GetInt32());
        Assert.Equal("old", report.RootElement.GetProperty("twoSided").GetProperty("name").GetString());
        Assert.Equal("4900", report.RootElement.GetProperty("changes")[0].GetProperty("fields").GetProperty("target").GetProperty("was").GetString());
        Assert.Contains("Failed: changed>0 where callee=+15557654321: 2 of 2 calls", run.Error, StringComparison.Ordinal);
        Assert.Contains("::warning file=new/Line.cs,line=1,", await File.ReadAllTextAsync(Path.Combine(run.Folder, "r.txt")), StringComparison.Ordinal);
        string page = await File.ReadAllTextAsync(Path.Combine(run.Folder, "r.html"));
        Assert.Contains("<del>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("15551234567", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Announced_changes_let_a_replay_pass_until_they_expire()
    {
        await using var run = await StoredAsync();
        string Expected(string expires) => $$"""{ "expected": [ { "name": "move", "may": { "target": "4950" }, "reason": "it moves", "author": "Ada", "expires": "{{expires}}" } ] }""";
        await File.WriteAllTextAsync(Path.Combine(run.Folder, "expected.json"), Expected("9999-12-31"));

        Assert.Equal(ExitCodes.Done, await run.RunAsync("replay", "--logic", "new", "--baseline", "old", "--isolation", "in-process", "--expected", "expected.json", "--fail-on", "changed>0"));
        Assert.Contains("move: 2 calls. it moves (Ada, until 9999-12-31)", run.Out, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(run.Folder, "expected.json"), Expected("2020-01-01"));
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("replay", "--logic", "new", "--baseline", "old", "--isolation", "in-process", "--expected", "expected.json"));
        Assert.Contains("Failed: expected change 'move' of Ada expired on 2020-01-01: remove it, or have its 'expires' renewed", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from 2026-01-02 --to 2026-01-02", "--to is '2026-01-02', which is not after --from '2026-01-02'; no call lies between them")]
    [InlineData("--set noon", "--set is 'noon'; expected now=2026-12-24T22:00:00Z")]
    [InlineData("--history missing.history", "--history is 'missing.history'; ")]
    [InlineData("--expected expected.json", "--expected is 'expected.json'; it has no list \"expected\"; write")]
    [InlineData("--console calls.example.com", "--console is 'calls.example.com'; expected an address such as https://calls.example.com")]
    [InlineData("--fail-on changed>0%:where", "--fail-on is 'changed>0%:where'; expected")]
    public async Task What_cannot_be_used_is_said_with_the_option_and_what_to_do(string options, string says)
    {
        await using var run = await StoredAsync();
        await File.WriteAllTextAsync(Path.Combine(run.Folder, "expected.json"), "{}");

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync(["replay", "--logic", "new", "--isolation", "in-process", .. options.Split(' ')]));
        Assert.StartsWith(says, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay --self")]
    [InlineData("calls list")]
    [InlineData("history export calls.history")]
    [InlineData("stats")]
    public async Task Times_between_which_no_call_lies_are_refused_by_whatever_takes_them(string command)
    {
        await using var run = await StoredAsync();
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync([.. command.Split(' '), "--from", "2026-01-02T00:00:00Z", "--to", "2026-01-01"]));
        Assert.StartsWith("--to is '2026-01-01', which is not after --from '2026-01-02T00:00:00Z'", run.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandRun> StoredAsync()
    {
        var run = new CommandRun();
        var step = new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "4100", OutboundEndpoint = "pstn" };
        await run.StoreAsync(new SampleCall(1).Decided("start", step), new SampleCall(2, "+15559998877").Decided("start", step));
        foreach (var (folder, source) in (IEnumerable<(string, string)>)[("old", To4900), ("new", To4900.Replace("4900", "4950", StringComparison.Ordinal))])
        {
            Directory.CreateDirectory(Path.Combine(run.Folder, folder));
            await File.WriteAllTextAsync(Path.Combine(run.Folder, folder, "Line.cs"), source);
        }
        run.Configure("Trunks:pstn:To:0", "sip:192.0.2.7");
        return run;
    }
}
