using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests;

public sealed class LogicTrialTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_call_that_is_only_thought_of_is_decided_and_explained()
    {
        _temp.Write("support.cs", Logics.Sample);

        var trial = await DecideAsync(new TrialCall { Caller = "+15551234567", Callee = "+1", Headers = [new SipHeader("X-Tier", "gold")] });

        Assert.Empty(trial.Check.Diagnostics);
        Assert.Equal("vip_support", trial.Decision!.Flow);
        Assert.Contains(trial.Decision.Reads!, r => r is { What: "sip_headers.From", Value: "<sip:+15551234567@eventcalls.invalid>;tag=trial" });
        Assert.Equal(
            """
            {
              "flow": "vip_support",
              "state": {
                "caller_id": "<sip:+15551234567@eventcalls.invalid>;tag=trial",
                "branch": "South Branch"
              },
              "handoff": {
                "invite": {
                  "phone_number": "+12222222",
                  "outbound_caller_id": "+15551234567",
                  "outbound_endpoint": "pstn"
                }
              },
              "fallbacks": [
                {
                  "refer": {
                    "refer_to": "sip:support@example.com"
                  }
                }
              ]
            }
            """,
            trial.DecisionJson!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_failed_transfer_and_look_ups_can_be_tried()
    {
        _temp.Write("support.cs", Logics.Start(
            "return Handoff.Bye();",
            "public override Decision TransferFailed(Conversation conv) => Handoff.Bye($\"{conv.LastTransfer!.Outcome} {conv.LastTransfer.Target} {conv.State[\"a\"]} {conv.Lookup(\"t\", \"k\")}\");"));
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["t"] = new Dictionary<string, string?> { ["k"] = "v" } });

        var trial = await DecideAsync(
            new TrialCall
            {
                Caller = "1",
                Callee = "2",
                LastOutcome = TransferOutcome.NoAnswer,
                LastTarget = "sip:x",
                State = new Dictionary<string, System.Text.Json.JsonElement> { ["a"] = System.Text.Json.JsonSerializer.SerializeToElement("b") },
            },
            new DecideOptions { Lookups = tables });

        Assert.Equal("NoAnswer sip:x b v", trial.Decision!.Steps[0].Reason);
    }

    [Fact]
    public async Task Logic_that_does_not_compile_is_told_and_not_tried()
    {
        _temp.Write("support.cs", "class");

        var trial = await DecideAsync(new TrialCall { Caller = "1", Callee = "2" });

        Assert.False(trial.Check.Ok);
        Assert.NotEmpty(trial.Check.Diagnostics);
        Assert.Null(trial.Decision);
    }

    [Fact]
    public async Task Logic_that_hangs_does_not_hang_the_trial()
    {
        _temp.Write("support.cs", Logics.Start("return Handoff.Bye(conv.Lookup(\"t\", \"k\"));"));
        var lookups = new BlockingLookups();

        var trial = await DecideAsync(
            new TrialCall { Caller = "1", Callee = "2" }, new DecideOptions { TimeLimit = TimeSpan.FromMilliseconds(20), Lookups = lookups });

        lookups.Release();
        Assert.Equal(RoutingFailureCause.LogicTimedOut, trial.Decision!.Failure!.Cause);
        Assert.Null(trial.DecisionJson);
    }

    private Task<TrialResult> DecideAsync(TrialCall call, DecideOptions? options = null) =>
        LogicTrial.DecideAsync(_temp.Path, call, options ?? new DecideOptions { TimeLimit = TimeSpan.FromSeconds(5) }, TimeProvider.System, default);
}
