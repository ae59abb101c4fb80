using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Host.Tests.Commands;

public sealed class LogicCanaryTests
{
    private const string Logic = "public sealed class Desk : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Reject(486); }";

    [Fact]
    public async Task A_folder_gets_a_share_of_the_calls_which_is_seen_and_taken_again()
    {
        await using var run = await StartedAsync();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "canary", "start", "--logic", "desk", "--steps", "5:20/1,100", "--split", "caller", "--note", "the new desk"));
        Assert.Contains("started        5 %  sha256:", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"the new desk\"", run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "canary", "start", "--logic", "desk"));
        Assert.Contains("has 5 % of the calls", run.Error, StringComparison.Ordinal);

        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "canary", "status"));
        Assert.Contains("has 5 % of the calls. 0 of 20 calls, 0 of 1 minutes.", run.OutLines[0], StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "canary", "stop"));
        Assert.Contains("stopped        0 %", run.Out, StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "canary", "status", "--json"));
        Assert.Equal("stopped", JsonElement.Parse(run.OutLines[0]).GetProperty("record").GetProperty("change").GetString());
        Assert.Equal(["stopped", "started"], run.OutLines[1..].Select(l => JsonElement.Parse(l).GetProperty("change").GetString()));

        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = run.Database });
        var kept = CanaryRecord.Read((await ((ILogicSteering)store).LastProofAsync(ProofKind.Canary, default))!);
        Assert.Equal("Desk.cs", Assert.Single((await store.FindLogicVersionAsync(kept.Challenger, default))!.Sources).Path);
    }

    [Fact]
    public async Task A_folder_decides_calls_again_until_it_is_stopped()
    {
        await using var run = await StartedAsync(from: "folder");
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "shadow", "stop"));
        Assert.Contains("nothing was done", run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "shadow", "report"));
        Assert.Contains("logic shadow start --logic DIR", run.Error, StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "shadow", "start", "--logic", "desk", "--note", "the new desk"));
        Assert.Contains("started  sha256:", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"the new desk\"", run.Out, StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "shadow", "start", "--logic", "desk"));
        Assert.Contains("already; nothing was done", run.Out, StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "shadow", "report", "--json", "-"));
        Assert.Equal(0, JsonElement.Parse(run.Out).GetProperty("calls").GetInt64());
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "shadow", "stop"));
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "shadow", "status", "--json"));
        Assert.Equal([false, true], run.OutLines.Select(l => JsonElement.Parse(l).TryGetProperty("challenger", out var c) && c.ValueKind == JsonValueKind.String));

        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "shadow", "report", "--json", "-"));
        Assert.Contains("It is over since ", run.Error, StringComparison.Ordinal);
        Assert.Contains("before the shadow was over at ", JsonElement.Parse(run.Out).GetProperty("run").GetProperty("where").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--steps", "five", "--steps is 'five'")]
    [InlineData("--steps", "5:1,5:1", "steps[1].share: 5 is given after 5; shares rise")]
    [InlineData("--steps", "100", "leaves nobody to compare with")]
    [InlineData("--alpha", "0.9", "alpha: 0.9 is given")]
    [InlineData("--margin", "0", "margin: 0 is given")]
    [InlineData("--guard", "-1", "guard.inARow: -1 is given")]
    public async Task What_cannot_be_a_plan_is_refused(string option, string value, string says)
    {
        await using var run = await StartedAsync();
        Assert.NotEqual(ExitCodes.Done, await run.RunAsync("logic", "canary", "start", "--logic", "desk", option, value));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_folders_decide_no_version_gets_a_share()
    {
        await using var run = await StartedAsync(from: "folder");
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("logic", "canary", "start", "--logic", "desk"));
        Assert.Contains("EventCalls:Routing:LogicFrom is 'folder'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_without_calls_decided_again_now_is_the_same()
    {
        await using var run = await StartedAsync();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "nightly"));
        Assert.Contains("There is none in", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "nightly", "--now"));
        Assert.StartsWith("0 calls of ", run.Out, StringComparison.Ordinal);
    }

    private static async Task<CommandRun> StartedAsync(string from = "store")
    {
        var run = new CommandRun();
        run.Configure("Routing:LogicFrom", from);
        run.Configure("Routing:Isolation", "in-process");
        var folder = Directory.CreateDirectory(Path.Combine(run.Folder, "desk"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Desk.cs"), Logic);
        run.Configure("Routing:Logic", folder.FullName);
        await run.StoreAsync();
        return run;
    }
}
