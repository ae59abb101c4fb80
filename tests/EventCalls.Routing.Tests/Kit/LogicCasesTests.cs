using EventCalls.Routing.Kit;

namespace EventCalls.Routing.Tests.Kit;

public sealed class LogicCasesTests
{
    [Fact]
    public void A_case_that_comes_out_otherwise_tells_the_place_and_both_values()
    {
        var result = Run("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2" }, "expect": { "flow": "vip", "handoff": { "invite": { "phone_number": "4100", "ring_timeout": 20 } } } }] }""");

        Assert.False(result.Ok);
        Assert.Equal(
            ["flow: expected \"vip\", got \"start\"", "handoff.invite.phone_number: expected \"4100\", got \"4200\"", "handoff.invite.ring_timeout: expected 20, got nothing"],
            Assert.Single(result.Cases).Differences);
    }

    [Theory]
    [InlineData("""{ "flow": "start" }""", true)]
    [InlineData("""{ "handoff": { "invite": {} } }""", true)]
    [InlineData("""{ "handoff": { "reject": {} } }""", false)]
    [InlineData("""{ "handoff": { "reject": null } }""", true)]
    [InlineData("""{ "handoff": { "invite": null } }""", false)]
    [InlineData("""{ "fallbacks": [] }""", false)]
    [InlineData("""{ "fallbacks": [{ "refer": { "refer_to": "sip:a@example.com" } }] }""", true)]
    [InlineData("""{ "fallbacks": [{}, {}] }""", false)]
    [InlineData("""{ "state": { "n": 1 } }""", true)]
    [InlineData("""{ "state": { "n": 1.0 } }""", true)]
    [InlineData("""{ "state": { "n": "1" } }""", false)]
    public void What_is_expected_must_be_there_and_what_is_left_out_may_be_anything(string expected, bool passes)
    {
        var result = Run($$"""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2" }, "expect": {{expected}} }] }""");

        Assert.Null(result.Error);
        Assert.Equal(passes, result.Ok);
    }

    [Theory]
    [InlineData("logic_threw", true)]
    [InlineData("logic_timed_out", false)]
    public void A_decision_may_be_expected_to_fail(string cause, bool passes)
    {
        var result = Run($$"""{ "cases": [{ "name": "a", "call": { "caller": "boom", "callee": "2" }, "fails": "{{cause}}" }] }""");

        Assert.Equal(passes, result.Ok);
    }

    [Theory]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2", "trunck": "x" }, "expect": {} }] }""", "'a': call: trunck: is not known; expected caller, callee")]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "callee": "2" }, "expect": {} }] }""", "'a': call: caller: is missing")]
    [InlineData("""{ "cases": [{ "call": { "caller": "1", "callee": "2" }, "expect": {} }] }""", "case 1: name: is missing")]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2" } }] }""", "'a': give either expect")]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2", "at": "2026-03-04T12:00:00" }, "expect": {} }] }""", "'a': call: at: must be a time with its offset")]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2", "after_transfer": { "outcome": "answered" } }, "expect": {} }] }""", "after_transfer: outcome: must say how the transfer failed, one of busy")]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2" }, "fails": "bad_luck" }] }""", "fails: 'bad_luck' is no cause")]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2", "identity": "certain" }, "expect": {} }] }""", "'a': call: identity: must be what the check of the Identity headers came to, one of unchecked, valid, invalid")]
    [InlineData("""{ "cases": 1 }""", "cases: must be an array")]
    [InlineData("""{ "lookups": [], "cases": [] }""", "is no file of cases")]
    [InlineData("""{ "lookups": { "a": 1 }, "cases": [] }""", "is no file of cases")]
    [InlineData("""{ "cases": [{ "name": "a", "call": { "caller": "1", "callee": "2", "headers": { "X": 1 } }, "expect": {} }] }""", "is no file of cases")]
    [InlineData("""nonsense""", "is no file of cases")]
    public void A_file_that_is_none_is_refused_with_its_name_the_case_and_the_field(string text, string told)
    {
        var result = Run(text);

        Assert.False(result.Ok);
        Assert.StartsWith("cases/a.json: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(told, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_cases_does_not_pass()
    {
        var result = Run(null);

        Assert.False(result.Ok);
        Assert.Contains("no cases/*.json", result.Error, StringComparison.Ordinal);
    }

    private static LogicCasesResult Run(string? cases)
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "line.cs"), Logics.Start("""
            if (conv.CallerNumber == "boom") throw new FormatException();
            conv.State.Set("n", 1);
            return Handoff.Invite("4200").OrElse(Handoff.Refer("sip:a@example.com"));
            """));
        Directory.CreateDirectory(Path.Combine(folder.Path, "cases"));
        if (cases is not null)
            File.WriteAllText(Path.Combine(folder.Path, "cases", "a.json"), cases);
        return LogicCases.Run(folder.Path, null, TimeProvider.System, CancellationToken.None);
    }
}
