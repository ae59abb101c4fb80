using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests.Loading;

/// <summary>What is not refused comes out the same on any machine: logic is compiled against stand-ins for what would let it show through.</summary>
public sealed class SameEverywhereTests
{
    private const string Tried = "conv.State[\"x\"] = TimeZoneInfo.TryFindSystemTimeZoneById(conv.CalleeNumber, out var z) ? z.Id : \"none\";";

    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("Etc/GMT+1", "Etc/GMT+1")]
    [InlineData("localtime", "none")]
    [InlineData("../localtime", "none")]
    [InlineData("/etc/localtime", "none")]
    [InlineData("posixrules", "none")]
    [InlineData("posix/Europe/Berlin", "none")]
    [InlineData("right/Europe/Berlin", "none")]
    [InlineData("Factory", "none")]
    [InlineData("", "none")]
    [InlineData("Europe//Berlin", "none")]
    public void An_id_of_a_zone_that_is_not_constant_names_no_file_of_the_machine(string id, string found) =>
        Assert.Equal(found, State(Tried, callee: id));

    [Fact]
    public void The_message_of_a_zone_that_is_not_there_tells_nothing_of_files() =>
        Assert.Equal(
            "There is no time zone 'Mars/North'; an IANA id such as Europe/Berlin is expected. True",
            State("try { _ = TimeZoneInfo.FindSystemTimeZoneById(\"Mars/North\"); } catch (TimeZoneNotFoundException e) { conv.State[\"x\"] = $\"{e.Message} {e.InnerException is null}\"; }"));

    [Fact]
    public void A_zone_may_be_found_by_a_delegate() =>
        Assert.Equal("Asia/Tokyo", State("Func<string, TimeZoneInfo> f = TimeZoneInfo.FindSystemTimeZoneById; conv.State[\"x\"] = new[] { \"Asia/Tokyo\" }.Select(f).First().Id;"));

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("fe80::1", "fe80::1")]
    [InlineData("fe80::1%3", "fe80::1%3")]
    [InlineData("fe80::1%lo", "none")]
    [InlineData("fe80::1%eth0", "none")]
    public void An_address_with_the_name_of_an_interface_is_none(string text, string found) =>
        Assert.Equal(found, State("conv.State[\"x\"] = System.Net.IPAddress.TryParse(conv.CalleeNumber, out var a) ? a.ToString() : \"none\";", callee: text));

    [Fact]
    public void A_frozen_set_that_ignores_case_has_the_same_order_in_every_process()
    {
        // The hash codes behind it were random for each process, for keys that are not ASCII.
        const string Body = "var s = System.Collections.Frozen.FrozenSet.ToFrozenSet(Enumerable.Range(0, 30).Select(i => $\"Ä{i}\"), StringComparer.OrdinalIgnoreCase); " +
            "conv.State[\"x\"] = string.Join(',', s.Take(6)) + (s.Contains(\"ä7\") ? \" found\" : \"\");";

        Assert.Equal("Ä2,Ä12,Ä21,Ä0,Ä9,Ä10 found", State(Body));
    }

    [Theory]
    [InlineData("catch (Exception) { conv.State[\"x\"] = \"caught\"; }")]
    [InlineData("catch { conv.State[\"x\"] = \"caught\"; }")]
    [InlineData("catch (Exception e) when (e.Message.Length > 0) { conv.State[\"x\"] = \"caught\"; }")]
    [InlineData("catch (SystemException) { conv.State[\"x\"] = \"caught\"; }")]
    public void What_the_machine_has_too_little_memory_for_is_not_for_logic_to_catch(string clause)
    {
        // A text longer than any may be: on every machine, so that the test need not fill one.
        var result = Logics.Decide(Logics.Start($"try {{ _ = new string('a', 1_100_000_000); }} {clause} return Handoff.Bye();"));

        Assert.Contains("OutOfMemoryException", result.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Catch_clauses_within_each_other_still_catch_what_logic_throws() =>
        Assert.Equal(
            "inner outer",
            State("try { try { throw new FormatException(); } catch { conv.State[\"x\"] = \"inner\"; throw; } } catch (Exception) { conv.State[\"x\"] += \" outer\"; }"));

    [Fact]
    public void A_message_has_the_same_line_ends_everywhere() =>
        Assert.DoesNotContain('\r', State("try { ArgumentOutOfRangeException.ThrowIfNegative(-1, \"n\"); } catch (Exception e) { conv.State[\"x\"] = e?.Message ?? e!.InnerException?.InnerException!.Message; }")!);

    [Fact]
    public void A_time_in_the_state_keeps_its_offset_and_one_without_is_refused()
    {
        Assert.Equal("2026-03-04T12:00:00.0000000+02:00", State("conv.State[\"at\"] = \"2026-03-04T12:00:00+02:00\"; conv.State[\"x\"] = conv.State.Get<DateTimeOffset>(\"at\").ToString(\"o\");"));
        Assert.Equal("2026-03-04T10:00:00.0000000Z", State("conv.State[\"at\"] = \"2026-03-04T12:00:00+02:00\"; conv.State[\"x\"] = conv.State.Get<DateTime>(\"at\").ToString(\"o\");"));
        Assert.Equal("JsonException", State("conv.State[\"at\"] = \"2026-03-04T12:00:00\"; try { _ = conv.State.Get<DateTimeOffset>(\"at\"); } catch (Exception e) { conv.State[\"x\"] = e.GetType().Name; }"));
    }

    [Fact]
    public void A_generated_regular_expression_that_goes_back_and_forth_without_end_is_stopped()
    {
        var result = Logics.Decide(
            """
            using System.Text.RegularExpressions;
            public sealed partial class Line : RoutingLogic
            {
                [GeneratedRegex("^(a+)+$")]
                private static partial Regex Slow();
                public override Decision Start(Conversation conv) => Slow().IsMatch(new string('a', 40) + "!") ? Handoff.Bye() : Handoff.Reject(404);
            }
            """,
            options: new DecideOptions { TimeLimit = TimeSpan.FromMilliseconds(50) });

        Assert.Equal(RoutingFailureCause.LogicTimedOut, result.Failure?.Cause);
    }

    [Fact]
    public void A_pattern_that_is_none_is_refused_where_it_stands()
    {
        var check = Logics.Compile("using System.Text.RegularExpressions; public sealed partial class Line : RoutingLogic {\n[GeneratedRegex(\"(\")] private static partial Regex R();\npublic override Decision Start(Conversation conv) => Handoff.Bye(); }");

        Assert.Contains(check.Diagnostics, d => d is { Line: 2, File: "logic.cs" });
    }

    [Fact]
    public void Turns_are_recorded_and_a_decision_taken_again_gets_the_same()
    {
        using var logic = Logics.Load(Logics.Start("return Handoff.Invite(conv.Rotate(\"agents\", [\"1\", \"2\", \"3\"])).OrElse(Handoff.Invite(conv.Rotate(\"agents\", [\"1\", \"2\", \"3\"])));"));
        var live = new DecideOptions { Lookups = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>>()) };
        var request = DecisionRequest.For(Calls.Started());

        var decisions = Enumerable.Range(0, 3).Select(_ => Decider.Decide(logic, request, live)).ToList();
        var again = decisions.Select(d => Decider.Decide(logic, request, new DecideOptions { Lookups = new RecordedLookups(d.Inputs.Lookups) })).ToList();

        Assert.Equal(["1 2", "3 1", "2 3"], decisions.Select(Numbers));
        Assert.Equal(decisions.Select(Numbers), again.Select(Numbers));
        Assert.Equal([new LookupAnswer("rotate:agents", "1", "2"), new LookupAnswer("rotate:agents", "2", "3")], decisions[1].Inputs.Lookups);

        static string Numbers(DecisionResult result) => string.Join(' ', result.Steps.Select(s => s.PhoneNumber));
    }

    [Fact]
    public void A_turn_that_was_not_taken_then_is_not_made_up_now()
    {
        var result = Logics.Decide(Logics.Start("return Handoff.Invite(conv.Rotate(\"agents\").ToString());"), options: new DecideOptions { Lookups = new RecordedLookups([]) });

        Assert.Equal(new LookupAnswer("rotate:agents", "1", null), result.UnansweredLookup);
    }

    [Fact]
    public void Names_that_are_each_asked_for_once_take_no_turns_from_a_name_that_is_asked_for_again_and_again()
    {
        var tables = LookupTables.None;
        string? Turn(string name)
        {
            Assert.True(tables.TryFind($"rotate:{name}", "1", out string? value));
            return value;
        }
        Turn("forgotten");

        for (int i = 0; i < 25_000; i++)
        {
            Assert.Equal("0", Turn($"{i}"));
            if (i % 1000 == 0)
                Assert.Equal($"{i / 1000}", Turn("agents"));
        }

        Assert.Equal("25", Turn("agents"));
        Assert.Equal("0", Turn("forgotten"));
    }

    private static string? State(string body, string callee = "+15557654321")
    {
        using var logic = Logics.Load(Logics.Start($"{body} return Handoff.Bye();"));
        var result = Decider.Decide(logic, DecisionRequest.For(Calls.Started() with { CalleeNumber = callee }), new DecideOptions { TimeLimit = TimeSpan.FromSeconds(5) });
        Assert.True(result.Failure is null, result.Failure?.Message);
        return result.State["x"].GetString();
    }
}
