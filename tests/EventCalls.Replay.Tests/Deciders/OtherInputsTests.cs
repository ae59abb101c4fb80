using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Tests.Deciders;

/// <summary>Past calls decided with another clock and other answers than they had.</summary>
public sealed class OtherInputsTests
{
    private const string Night = """
        if (conv.Lookup("holidays", "today") == "yes" || conv.Now.Hour >= 18)
            return Handoff.Invite("+4800", outboundEndpoint: "pstn");
        return Handoff.Invite("+4100", outboundEndpoint: "pstn");
        """;

    [Theory]
    [InlineData(true, "now=2026-12-24T22:00:00Z", "+4800")]
    [InlineData(false, "now=2026-12-24T22:00:00Z", "+4800")]
    [InlineData(true, "now=+10h", "+4800")]
    [InlineData(false, "now=-30m", "+4100")]
    [InlineData(true, "lookup:holidays:today=yes", "+4800")]
    [InlineData(false, "lookup:holidays:today=yes", "+4800")]
    [InlineData(false, "lookup:holidays:tomorrow=yes", "+4100")]
    [InlineData(true, "lookup:holidays:today=", "+4100")]
    public async Task What_is_set_is_what_the_logic_is_given_and_the_version_is_not_blamed(bool inDeciders, string set, string target)
    {
        using var logic = Logics.Compile(Logics.Start(Night));
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["holidays"] = new Dictionary<string, string?> { ["today"] = "no" } });
        // It began at about nine in the morning.
        var call = new PastCalls(logic, tables).Call();
        var options = (inDeciders ? InDecidersTests.s_options : new ReplayOptions { Threads = 1 }) with { Inputs = new OtherInputs().With(set) };

        var replayed = await Logics.ReplayAsync(logic, call, options);

        Assert.Equal(target == "+4100" ? Verdict.Same : Verdict.Changed, replayed.Verdict);
        Assert.Equal(target, replayed.Decisions[0].Now!.Steps[0].PhoneNumber);
    }

    [Theory]
    [InlineData(true, "config:holiday=yes", "+4800")]
    [InlineData(false, "config:holiday=yes", "+4800")]
    [InlineData(false, "config:holiday=", "+4100")]
    [InlineData(false, "config:workday=yes", "+4100")]
    [InlineData(true, "fetch:crm:+15550001={\"tier\": \"gold\"}", "+4900")]
    [InlineData(false, "fetch:crm:+15550001={\"tier\": \"gold\"}", "+4900")]
    [InlineData(false, "fetch:crm:+15550001=timed_out", "+4700")]
    [InlineData(false, "fetch:crm:+15550001=", "+4100")]
    [InlineData(false, "fetch:crm:+15550002=timed_out", "+4100")]
    public async Task What_operators_set_and_what_was_fetched_can_be_set_too(bool inDeciders, string set, string target)
    {
        using var logic = Logics.Compile(Logics.Start("""
            if (conv.Config("holiday") == "yes")
                return Handoff.Invite("+4800", outboundEndpoint: "pstn");
            var customer = conv.Fetch("crm", conv.CallerNumber);
            if (customer.Failure != null)
                return Handoff.Invite("+4700", outboundEndpoint: "pstn");
            return Handoff.Invite(customer["tier"] == "gold" ? "+4900" : "+4100", outboundEndpoint: "pstn");
            """));
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>>
        {
            ["config:holiday"] = new Dictionary<string, string?> { [""] = "no" },
            ["fetch:crm"] = new Dictionary<string, string?> { ["+15550001"] = new FetchAnswer { Status = 200, Json = "{}" }.ToText() },
        });
        var call = new PastCalls(logic, tables).Call();
        var options = (inDeciders ? InDecidersTests.s_options : new ReplayOptions { Threads = 1 }) with { Inputs = new OtherInputs().With(set) };

        var replayed = await Logics.ReplayAsync(logic, call, options);

        Assert.Equal(target, replayed.Decisions[0].Now!.Steps[0].PhoneNumber);
        Assert.Equal(target == "+4100" ? Verdict.Same : Verdict.Changed, replayed.Verdict);
    }

    [Theory]
    [InlineData("now")]
    [InlineData("config:=yes")]
    [InlineData("config:holiday")]
    [InlineData("fetch:crm={}")]
    [InlineData("fetch:crm:+1=gold")]
    [InlineData("now=soon")]
    [InlineData("now=22:00")]
    [InlineData("now=24 Dec")]
    [InlineData("now=+8")]
    [InlineData("now=+8y")]
    [InlineData("lookup:holidays=yes")]
    [InlineData("lookup::today=yes")]
    [InlineData("caller=+1555")]
    public void What_is_none_of_the_forms_is_refused(string set) => Assert.Null(new OtherInputs().With(set));

    [Fact]
    public void Several_are_taken_together_and_the_last_of_the_same_counts()
    {
        var inputs = new OtherInputs().With("now=+8h")!.With("lookup:a:b=1")!.With("lookup:a:b=c=d")!.With("lookup:a:e=2")!;

        Assert.Equal(TimeSpan.FromHours(8), inputs.Shift);
        Assert.Equal([new LookupAnswer("a", "b", "c=d"), new LookupAnswer("a", "e", "2")], inputs.Lookups);
    }
}
