using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Calls that were recorded are written as SIPp scenarios, and play again as they were against the running service.</summary>
public class RecordedCallsAgain(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("call-answered", "bridge", "target-answers", null)]
    [InlineData("call-answered-peer-hangs-up", "bridge", "target-answers-then-hangs-up", null)]
    [InlineData("call-answered", "bridge_or_second", "target-busy", "target-answers")]
    [InlineData("call-answered", "bridge_then_ask_again", "target-declined", "target-answers")]
    [InlineData("call-cancelled", "bridge", "target-does-not-answer", null)]
    [InlineData("call-rejected-404", "bridge", "target-not-found", null)]
    [InlineData("refer-answered", "refer", null, null)]
    [InlineData("refer-notify-486", "refer", null, null)]
    [InlineData("refer-refused-403", "refer", null, null)]
    [InlineData("refer-refused-405-then-talks", "refer_or_bridge", "target-answers", null)]
    [InlineData("call-rejected-486", "reject_486", null, null)]
    [InlineData("call-rejected-603", "reject_603", null, null)]
    [InlineData("call-redirected-302", "redirect", null, null)]
    public async Task A_recorded_call_plays_again_with_the_events_that_are_expected(string caller, string flow, string? target, string? second)
    {
        var recorded = await RecordAsync(caller, flow, target, second);
        var folder = Directory.CreateTempSubdirectory("eventcalls-again-");
        try
        {
            var (_, errors, exitCode) = await service.Process.CommandAsync("calls", "to-sipp", $"{recorded.CallId:D}", "--out", folder.FullName);
            Assert.True(exitCode == 0, errors);

            var again = await PlayAsync(folder.FullName);

            var expected = Expected(Path.Combine(folder.FullName, "expected-events.json"));
            Assert.Equal(recorded.Types, expected.Select(e => e.GetProperty("type").GetString()));
            Assert.Equal(recorded.Types, again.Types);
            foreach (var (promised, e) in expected.Zip(again.Events))
            {
                foreach (var field in promised.EnumerateObject().Where(f => f.Name != "type"))
                    Assert.True(field.Value.ToString() == e[field.Name], $"{e.Type} ({e.Version}): {field.Name} is '{e[field.Name]}', expected '{field.Value}'\n{again}");
            }
            Assert.Equal(recorded.Outcomes, again.Outcomes);
            Assert.Equal(Headers(recorded), Headers(again));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<CallStream> RecordAsync(string caller, string flow, string? target, string? second)
    {
        await using var first = target is null ? null : await service.TargetAsync(target);
        await using var other = second is null ? null : await service.TargetAsync(second, second: true);
        return (await service.CallToTheEndAsync(caller, flow)).Stream;
    }

    private async Task<CallStream> PlayAsync(string folder)
    {
        var callId = $"again-{Guid.NewGuid():N}";
        await using var run = ChildProcess.Start(
            "sh",
            [Path.Combine(folder, "run.sh")],
            new Dictionary<string, string?>
            {
                ["SERVICE"] = service.Process.SipAddress,
                ["CALLER_PORT"] = $"{FreePorts.Next()}",
                ["TARGET_TARGET"] = $"{service.Settings.TargetPort}",
                ["TARGET_SECOND"] = $"{service.Settings.SecondPort}",
                ["CALL_ID"] = callId,
            },
            folder);
        int exitCode = await run.Exited.WaitAsync(s_limit);
        Assert.True(exitCode == 0, $"run.sh ended with {exitCode}\n{run.Describe()}\n{await service.Process.CallAsync(callId)}");
        return await service.Process.EndedCallAsync(callId);
    }

    private static List<JsonElement> Expected(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. json.RootElement.GetProperty("events").EnumerateArray().Select(e => e.Clone())];
    }

    /// <summary>The headers that say something about the call, and not about this one way through the network.</summary>
    private static IEnumerable<string> Headers(CallStream call) => call.Events[0].Data.GetProperty("headers").EnumerateArray()
        .Select(h => (Name: h.GetProperty("name").GetString()!, Value: h.GetProperty("value").GetString()!))
        .Where(h => h.Name is not ("Via" or "From" or "To" or "Call-ID" or "CSeq" or "Contact" or "Content-Length"))
        .Select(h => $"{h.Name}: {h.Value}")
        .Order(StringComparer.Ordinal);
}
