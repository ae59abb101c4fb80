using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Simulation.Forks;

namespace EventCalls.Host.Tests.Forks;

/// <summary>Past calls played while a trunk or a target does not do what it did.</summary>
public class OutageTests(DemoStore demo) : IClassFixture<DemoStore>
{
    [Fact]
    public async Task With_a_trunk_down_every_call_that_went_there_comes_to_something_else_and_the_others_are_not_touched()
    {
        string trunk = demo.CallOf("support", 1).Events.OfType<TransferStarted>().First(a => a.Trunk is not null).Trunk!;

        var (exit, text, error) = await demo.RunAsync("replay", "--logic", DemoStore.LogicFolder, "--set", $"trunk:{trunk}=down", "--json", "-");

        Assert.Equal((ExitCodes.Done, ""), (exit, error));
        using var json = JsonDocument.Parse(text);
        var report = json.RootElement;
        Assert.Equal($"trunk {trunk} down", report.GetProperty("outages")[0].GetString());
        long touched = report.GetProperty("touched").GetInt64();
        Assert.InRange(touched, 1, report.GetProperty("calls").GetInt64());
        Assert.Equal(touched, report.GetProperty("moves").EnumerateArray().Sum(m => m.GetProperty("calls").GetInt64()));
        Assert.DoesNotContain(report.GetProperty("moves").EnumerateArray(), m => m.GetProperty("now").GetString()!.StartsWith("answered at ", StringComparison.Ordinal) && m.GetProperty("was").GetString() == m.GetProperty("now").GetString());
    }

    [Fact]
    public async Task A_target_that_is_busy_shows_on_the_terminal_where_its_calls_end()
    {
        string uri = demo.CallOf("support", 1).Events.OfType<TransferStarted>().First().Target;
        string number = uri[(uri.IndexOf(':', StringComparison.Ordinal) + 1)..uri.IndexOf('@', StringComparison.Ordinal)];

        var (exit, text, error) = await demo.RunAsync("replay", "--logic", DemoStore.LogicFolder, "--set", $"target:{number}=486", "--sample", "20");

        Assert.Equal((ExitCodes.Done, ""), (exit, error));
        Assert.StartsWith($"Played with target {number} comes to 486: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_means_nothing_for_how_a_target_is_reached_is_said_with_how_many_calls_it_would_be()
    {
        string uri = demo.CallOf("support", 1).Events.OfType<TransferStarted>().First(a => a.Method == HandoffMethod.Invite).Target;
        string number = uri[(uri.IndexOf(':', StringComparison.Ordinal) + 1)..uri.IndexOf('@', StringComparison.Ordinal)];

        var (exit, text, error) = await demo.RunAsync("replay", "--logic", DemoStore.LogicFolder, "--set", $"target:{number}=no-notify", "--json", "-");

        Assert.Equal((ExitCodes.Done, ""), (exit, error));
        var report = JsonElement.Parse(text);
        Assert.Equal(0, report.GetProperty("touched").GetInt64());
        var hint = Assert.Single(report.GetProperty("hints").EnumerateArray());
        Assert.Equal($"no-notify says nothing of INVITE, by which these reach the target {number}: they come to what they came to", hint.GetProperty("why").GetString());
        Assert.Equal(demo.Calls.Count(c => c.Attempts.Any(a => a.Started.Method == HandoffMethod.Invite && a.Started.Target.Contains($":{number}@", StringComparison.Ordinal))), hint.GetProperty("calls").GetInt64());
    }

    [Fact]
    public async Task What_cannot_be_played_is_said()
    {
        Assert.Equal(ExitCodes.BadUsage, (await demo.RunAsync("replay", "--logic", DemoStore.LogicFolder, "--set", "trunk:pstn=down", "--html", "r.html")).ExitCode);
        var (exit, _, error) = await demo.RunAsync("replay", "--logic", DemoStore.LogicFolder, "--set", "trunk:pstn=sleepy");
        Assert.Equal(ExitCodes.BadUsage, exit);
        Assert.Contains("--set is 'trunk:pstn=sleepy'; ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trunk:pstn=down", "trunk pstn down")]
    [InlineData("target:sip:a@b.example;x=y=486", "target sip:a@b.example;x=y comes to 486")]
    [InlineData("target:4900=ring", "target 4900 comes to ring")]
    [InlineData("trunk:=down", null)]
    [InlineData("trunk:pstn", null)]
    [InlineData("trunk:pstn=hangup", null)]
    [InlineData("trunk:pstn=200", null)]
    public void The_forms_of_an_outage_are_read(string text, string? words) => Assert.Equal(words, Outage.Read(text)?.ToString());
}
