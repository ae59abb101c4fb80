using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Forks;

/// <summary>The commands of time travel against real recorded calls.</summary>
public class CallsForkTests(DemoStore demo) : IClassFixture<DemoStore>
{
    [Fact]
    public async Task Both_courses_stand_side_by_side_with_the_fork_between()
    {
        var call = demo.CallOf("support", 1);
        int at = call.Events.ToList().FindIndex(e => e is TransferProgressed) + 1;

        var (exit, text, error) = await demo.RunAsync("calls", "fork", $"{call.Started.CallId:D}", "--at", $"{at}", "--inject", "486");

        Assert.Equal((ExitCodes.Done, ""), (exit, error));
        var lines = text.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 100 && line == line.TrimEnd(), line));
        Assert.Contains(lines, l => l.StartsWith("Outcome   answered, 1 attempt", StringComparison.Ordinal) && l.EndsWith("answered, 2 attempts", StringComparison.Ordinal));
        int fork = Array.FindIndex(lines, l => l.StartsWith("── fork: 486 ──", StringComparison.Ordinal));
        Assert.Contains("180 Ringing", lines[fork - 1], StringComparison.Ordinal);
        Assert.Matches(@"^ +┃ +\d+ +\d+\.\d{3} │   │<──│ busy: 486 Busy Here$", lines[fork + 1]);
        Assert.Equal("The call would go otherwise.", lines[^2]);
    }

    [Fact]
    public async Task Other_logic_decides_from_the_fork_on()
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-candidate-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "other.cs"),
                """
                using EventCalls.Routing;
                public sealed class Other : RoutingLogic
                {
                    public override Decision Start(Conversation conv) => Handoff.Invite("7777", outboundEndpoint: "overflow");
                }
                """);
            var call = demo.CallOf("claims", 2);

            var (exit, text, error) = await demo.RunAsync("calls", "fork", $"{call.Started.CallId:D}", "--logic", folder.FullName, "--json");

            Assert.Equal((ExitCodes.Done, ""), (exit, error));
            using var json = JsonDocument.Parse(text);
            var fork = json.RootElement;
            Assert.Equal(
                ["callId", "at", "of", "inject", "injected", "candidate", "decisions", "reproduced", "mismatch", "assumedEndpoints", "liveLookups", "assumedTargets", "same", "recorded", "forked"],
                fork.EnumerateObject().Select(p => p.Name));
            Assert.Equal((1, 1, true, false), (fork.GetProperty("at").GetInt32(), fork.GetProperty("decisions").GetInt32(), fork.GetProperty("reproduced").GetBoolean(), fork.GetProperty("same").GetBoolean()));
            Assert.Equal(["overflow"], fork.GetProperty("assumedEndpoints").EnumerateArray().Select(e => e.GetString()));
            var forked = fork.GetProperty("forked");
            Assert.Equal(
                ["flow", "logicVersion", "handoff", "target", "outcome", "attempts", "endedBy", "endCause", "status", "durationMs", "events"],
                forked.EnumerateObject().Select(p => p.Name));
            Assert.Equal(("start", "answered", 1), (forked.GetProperty("flow").GetString(), forked.GetProperty("outcome").GetString(), forked.GetProperty("attempts").GetInt32()));
            Assert.Equal(["event", "type", "sinceStartMs", "data"], forked.GetProperty("events")[0].EnumerateObject().Select(p => p.Name));
            Assert.Equal(2, fork.GetProperty("recorded").GetProperty("attempts").GetInt32());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Logic_that_does_not_compile_is_refused_with_its_line()
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-candidate-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "broken.cs"), "public sealed class Broken : RoutingLogic { }\n");

            var (exit, text, error) = await demo.RunAsync("calls", "fork", $"{demo.Calls[0].Started.CallId:D}", "--logic", folder.FullName);

            Assert.Equal((ExitCodes.NotSo, ""), (exit, text));
            Assert.Contains("broken.cs(1,", error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--at", "last", ExitCodes.NotSo, "there the call is over")]
    [InlineData("--at", "99", ExitCodes.NotSo, "--at is 99, and the call has")]
    [InlineData("--inject", "200", ExitCodes.BadUsage, "--inject is '200'; expected a SIP status from 300 to 699")]
    [InlineData("--inject", "no-notify", ExitCodes.NotSo, "nothing came after event 1 that it fits")]
    public async Task What_cannot_be_forked_is_said(string option, string value, int exitCode, string said)
    {
        var call = demo.CallOf("support", 1);
        if (value == "last")
            value = $"{call.Events.Count}";

        var (exit, _, error) = await demo.RunAsync("calls", "fork", $"{call.Started.CallId:D}", option, value);

        Assert.Equal(exitCode, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_decision_of_every_call_is_explained_and_comes_out_the_same_again()
    {
        foreach (var call in demo.Calls)
        {
            var (exit, text, error) = await demo.RunAsync("calls", "explain", $"{call.Started.CallId:D}", "--json");

            Assert.Equal((ExitCodes.Done, ""), (exit, error));
            using var json = JsonDocument.Parse(text);
            var decisions = json.RootElement.GetProperty("decisions").EnumerateArray().ToList();
            Assert.Equal(call.Events.OfType<FlowSelected>().Count(), decisions.Count);
            Assert.All(decisions, d => Assert.True(d.GetProperty("repeated").GetBoolean()));
            // What the logic inherits is decided by a line of ours, and said to be.
            Assert.All(decisions, d => Assert.True(d.GetProperty("file").GetString() == "ContactCentre.cs"
                ? !string.IsNullOrWhiteSpace(d.GetProperty("source").GetString())
                : d.GetProperty("note").GetString()!.Contains("EventCalls' own", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task An_explanation_shows_the_line_that_decided_and_what_it_read()
    {
        var call = demo.Calls.First(c => c.Events.OfType<FlowSelected>().Last().Flow == "voicemail");

        var (exit, text, error) = await demo.RunAsync("calls", "explain", $"{call.Started.CallId:D}", "--decision", "2");

        Assert.Equal((ExitCodes.Done, ""), (exit, error));
        Assert.Contains("failed: busy\n", text, StringComparison.Ordinal);
        Assert.Matches(@"  > +\d+      Handoff\.Invite\(""4800""", text);
        Assert.Contains("last_transfer.outcome = busy", text, StringComparison.Ordinal);
        Assert.Contains("Again         the same", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Decision 1,", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }
}
