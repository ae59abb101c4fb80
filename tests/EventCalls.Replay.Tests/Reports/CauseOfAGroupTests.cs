using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports;

public sealed class CauseOfAGroupTests
{
    private static readonly Decided s_support = Decided("support", Invite("4100"));
    private static readonly Decided s_vip = Decided("vip", Invite("4900"));

    [Fact]
    public void A_header_that_412_of_415_changed_calls_and_no_other_have_is_the_cause_with_these_figures()
    {
        var calls = Enumerable.Range(0, 3415).Select(i => i switch
        {
            < 412 => Call(i, s_support, s_vip, headers: [("X-Tier", "gold")]),
            < 415 => Call(i, s_support, s_vip, headers: [("X-Tier", "silver")]),
            _ => Call(i, s_support, headers: [("X-Tier", i % 2 == 0 ? "silver" : "bronze")]),
        });

        var group = Assert.Single(Report(calls).Groups.Items);
        var cause = Assert.Single(group.Causes);
        Assert.Equal(CauseFinding.Found, group.Finding);
        Assert.Equal("header X-Tier is gold", cause.Text);
        Assert.Equal(new Share(412, 415), cause.Changed);
        Assert.Equal(new Share(0, 3000), cause.Others);
        Assert.Equal(1, cause.Precision);
        Assert.Equal((415L, 3000L, 3), (group.Calls, group.Others, group.Unexplained));
        Assert.False(group.IsSampled);
    }

    [Fact]
    public void Two_values_of_a_header_are_one_cause()
    {
        var calls = Enumerable.Range(0, 900).Select(i => (i % 9) switch
        {
            0 => Call(i, s_support, s_vip, headers: [("X-Tier", "gold")]),
            1 => Call(i, s_support, s_vip, headers: [("x-tier", "platinum")]),
            _ => Call(i, s_support, headers: [("X-Tier", "none")]),
        });

        var cause = Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes);
        Assert.Equal("header X-Tier is gold or platinum", cause.Text);
        Assert.Equal(new Share(200, 200), cause.Changed);
    }

    [Fact]
    public void A_header_that_is_there_at_all_is_found_when_its_values_are_all_different()
    {
        var calls = Enumerable.Range(0, 1000).Select(i => i % 5 == 0
            ? Call(i, s_support, s_vip, headers: [("X-Ticket", $"T-{i}")])
            : Call(i, s_support));

        Assert.Equal("header X-Ticket is present", Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes).Text);
    }

    [Fact]
    public void A_header_that_is_missing_is_found()
    {
        var calls = Enumerable.Range(0, 1000).Select(i => i % 5 == 0
            ? Call(i, s_support, s_vip)
            : Call(i, s_support, headers: [("X-Ticket", $"T-{i}")]));

        Assert.Equal("header X-Ticket is absent", Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes).Text);
    }

    [Fact]
    public void A_number_prefix_is_named_as_long_as_all_changed_calls_have_it()
    {
        var random = new Random(5);
        var calls = Enumerable.Range(0, 2000).Select(i => i % 4 == 0
            ? Call(i, s_support, s_vip, caller: $"+4930{random.Next(1000000, 9999999)}")
            : Call(i, s_support, caller: $"+49{(i % 4 == 1 ? "40" : "89")}{random.Next(1000000, 9999999)}"));

        var cause = Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes);
        Assert.Equal("the caller's number begins with +4930", cause.Text);
        Assert.Equal("the caller's number begins with +493, or with anything between that and +4930", Assert.Single(cause.Equivalents));
        Assert.Equal(new Share(500, 500), cause.Changed);
        Assert.Equal(0, cause.Others.Count);
    }

    [Theory]
    [InlineData(18, 23, "the call started between 18:00 and 23:59 UTC")]
    [InlineData(22, 5, "the call started between 22:00 and 05:59 UTC")]
    public void A_time_of_day_is_found_over_midnight_too(int first, int last, string text)
    {
        var calls = Enumerable.Range(0, 3000).Select(i =>
        {
            var at = Monday.AddMinutes(i * 7);
            bool isIn = first <= last ? at.Hour >= first && at.Hour <= last : at.Hour >= first || at.Hour <= last;
            return Call(i, s_support, isIn ? s_vip : null, at);
        });

        Assert.Equal(text, Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes).Text);
    }

    [Fact]
    public void The_days_of_the_week_are_found()
    {
        var calls = Enumerable.Range(0, 3000).Select(i =>
        {
            var at = Monday.AddMinutes(i * 17);
            return Call(i, s_support, at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? s_vip : null, at);
        });

        Assert.Equal("the call started on a Saturday or Sunday (UTC)", Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes).Text);
    }

    [Fact]
    public void The_state_is_found()
    {
        var calls = Enumerable.Range(0, 1000).Select(i =>
        {
            bool isNorth = i % 6 == 0;
            var was = s_support.With("branch", isNorth ? "North" : i % 2 == 0 ? "South" : "West");
            return Call(i, was, isNorth ? s_vip.With("branch", "North") : null);
        });

        Assert.Equal("state branch is North", Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes).Text);
    }

    [Fact]
    public void Conditions_that_only_together_make_the_difference_are_both_named()
    {
        var calls = Enumerable.Range(0, 4000).Select(i =>
        {
            var at = Monday.AddMinutes(i * 11);
            bool isGold = i % 3 == 0;
            return Call(i, s_support, isGold && at.Hour >= 18 ? s_vip : null, at, headers: [("X-Tier", isGold ? "gold" : "none")]);
        });

        var cause = Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes);
        Assert.Equal(2, cause.Conditions.Count);
        Assert.Contains("header X-Tier is gold", cause.Text, StringComparison.Ordinal);
        Assert.Contains("between 18:00 and 23:59 UTC", cause.Text, StringComparison.Ordinal);
        Assert.Equal(1, cause.Precision);
    }

    [Fact]
    public void Two_causes_of_the_same_change_are_both_found()
    {
        var calls = Enumerable.Range(0, 2000).Select(i => (i % 10) switch
        {
            0 or 1 or 2 => Call(i, s_support, s_vip, headers: [("X-Tier", "gold")]),
            3 or 4 => Call(i, s_support, s_vip, trunk: "partner"),
            _ => Call(i, s_support),
        });

        var group = Assert.Single(Report(calls).Groups.Items);
        Assert.Equal(["header X-Tier is gold", "the trunk is partner"], group.Causes.Select(c => c.Text));
        Assert.Equal(0, group.Unexplained);
    }

    [Fact]
    public void Conditions_that_the_same_calls_meet_are_named_beside_each_other()
    {
        var calls = Enumerable.Range(0, 1000).Select(i => i % 5 == 0
            ? Call(i, s_support, s_vip, trunk: "partner", headers: [("X-Tier", "gold")])
            : Call(i, s_support));

        var cause = Assert.Single(Assert.Single(Report(calls).Groups.Items).Causes);
        Assert.Equal("header X-Tier is gold", cause.Text);
        Assert.Contains("the trunk is partner", cause.Equivalents);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Noise_is_no_cause(int seed)
    {
        var random = new Random(seed);
        string Any(params string[] values) => values[random.Next(values.Length)];
        foreach (double share in (double[])[0.004, 0.05, 0.5, 0.9])
        {
            var calls = Enumerable.Range(0, 1500).Select(i => Call(
                i,
                s_support.With("branch", Any("North", "South")),
                random.NextDouble() < share ? s_vip.With("branch", "North") : null,
                Monday.AddMinutes(random.Next(20000)),
                $"+1{random.Next(200, 999)}{random.Next(1000000, 9999999)}",
                headers: [("X-Tier", Any("gold", "silver", "none")), ("X-Id", $"{i}"), ("X-Campaign", Any("a", "b", "c", "d", "e", "f", "g", "h"))]));

            var group = Report(calls).Groups.Items.First(g => g.ToFlow == "vip");
            Assert.Empty(group.Causes);
            Assert.True(group.Finding is CauseFinding.NoneFound or CauseFinding.TooFew, $"{group.Finding} of {group.Calls}");
        }
    }

    [Fact]
    public void When_every_call_of_a_flow_changes_the_flow_is_the_cause()
    {
        var other = Decided("sales", Invite("4200"));
        var calls = Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? Call(i, s_support, s_vip, headers: [("X-Tier", "gold")]) : Call(i, other));

        var group = Assert.Single(Report(calls).Groups.Items);
        Assert.Equal((CauseFinding.WholeFlow, 0L), (group.Finding, group.Others));
        Assert.Empty(group.Causes);
    }

    [Fact]
    public void Of_many_calls_a_sample_is_looked_at_and_the_report_says_so()
    {
        var calls = Enumerable.Range(0, 30_000).Select(i => i % 10 == 0
            ? Call(i, s_support, s_vip, headers: [("X-Tier", "gold")])
            : Call(i, s_support));

        var group = Assert.Single(Report(calls).Groups.Items);
        Assert.True(group.IsSampled);
        Assert.Equal((3000L, 27_000L), (group.Calls, group.Others));
        Assert.True(group.SampledCalls is > 100 and < 3000);
        Assert.Equal(new Share(group.SampledCalls, group.SampledCalls), Assert.Single(group.Causes).Changed);
        Assert.Equal(1, group.Causes[0].Precision);
    }

    [Fact]
    public void One_rule_before_all_flows_is_found_though_each_flow_has_few_of_its_calls()
    {
        string[] flows = ["support", "sales", "billing", "claims", "account", "returned", "roadside"];
        var west = Decided("west", Invite("4999"));
        var calls = Enumerable.Range(0, 350).Select(i =>
        {
            bool isWest = i % 17 == 0;
            var was = Decided(flows[i % flows.Length], Invite($"41{i % flows.Length}0"));
            return Call(i, was, isWest ? west : null, caller: isWest ? $"+1415555{i:0000}" : $"+1212555{i:0000}");
        });

        var group = Assert.Single(Report(calls).Groups.Items);
        Assert.Equal(("west", 7, 21L, 329L), (group.ToFlow, group.FromFlows.Count, group.Calls, group.Others));
        var cause = Assert.Single(group.Causes);
        Assert.StartsWith("the caller's number begins with +1415", cause.Text, StringComparison.Ordinal);
        Assert.Equal((new Share(21, 21), 0L), (cause.Changed, cause.Others.Count));
    }

    [Fact]
    public void Moves_to_one_flow_that_have_only_their_old_flows_in_common_stay_apart()
    {
        var west = Decided("west", Invite("4999"));
        var calls = Enumerable.Range(0, 300).Select(i => (i % 3) switch
        {
            0 => Call(i, s_support, west),
            1 => Call(i, Decided("sales", Invite("4200")), west),
            _ => Call(i, Decided("billing", Invite("4300"))),
        });

        var groups = Report(calls).Groups.Items;
        Assert.Equal(["sales", "support"], groups.Select(g => Assert.Single(g.FromFlows)).Order());
        Assert.All(groups, g => Assert.Equal(CauseFinding.WholeFlow, g.Finding));
    }

    [Fact]
    public void When_no_call_of_a_flow_stays_that_is_said_though_a_few_went_another_way()
    {
        var calls = Enumerable.Range(0, 400).Select(i => (i % 20) switch
        {
            < 9 => Call(i, s_support, s_vip),
            9 => Call(i, s_support, Decided("west", Invite("4999"))),
            _ => Call(i, Decided("sales", Invite("4200"))),
        });

        var group = Report(calls).Groups.Items.Single(g => g.ToFlow == "vip");
        Assert.Equal(["No call whose old flow was support stays as it was: 180 changed like this, 20 otherwise."], ReportWords.Causes(group));
    }

    [Fact]
    public void Calls_that_only_moved_within_their_flow_are_groups_by_target_and_by_field()
    {
        var renumbered = Decided("support", Invite("4101"));
        var calls = Enumerable.Range(0, 90).Select(i => (i % 3) switch
        {
            0 => Call(i, s_support, renumbered),
            1 => Call(i, s_support, s_support.With("branch", "North")),
            _ => Call(i, s_support),
        });

        var groups = Report(calls).Groups.Items;
        Assert.Equal(2, groups.Count);
        Assert.Contains(groups, g => g is { FromTarget: "invite 4100 via pstn", ToTarget: "invite 4101 via pstn", Calls: 30, Others: 60 });
        Assert.Contains(groups, g => g is { FromTarget: null, ChangedFields: "state.branch", Calls: 30 });
    }
}
