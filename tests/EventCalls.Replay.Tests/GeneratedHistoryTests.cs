using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using FsCheck;
using FsCheck.Fluent;

namespace EventCalls.Replay.Tests;

/// <summary>Over generated histories: the same logic gives the same for all, other logic differs exactly where another computation says so.</summary>
public sealed class GeneratedHistoryTests
{
    // Rules of a dialling plan, in the order they are tried: of both logics the outcome can be computed without either.
    private const string Table = """
        public sealed class Plan : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                string tier = conv.SipHeaders["X-Tier"] ?? "none";
                conv.State["tier"] = tier;
                int digit = conv.CalleeNumber[^1] - '0';
                if (tier == "VIP_TIER")
                    return conv.GotoFlow("vip");
                if (digit < LOW_DIGITS)
                    return conv.GotoFlow("low");
                return Handoff.Invite("+9" + digit, outboundEndpoint: "pstn");
            }

            public override Decision TransferFailed(Conversation conv) =>
                conv.LastTransfer!.Outcome == TransferOutcome.Busy ? Handoff.Invite("+BUSY", outboundEndpoint: "pstn") : Handoff.Reject(480);

            [Flow("vip")]
            public Decision Vip(Conversation conv) => Handoff.Invite("+7", outboundEndpoint: "pstn").OrElse(Handoff.Bye());

            [Flow("low")]
            public Decision Low(Conversation conv) => Handoff.Reject(404);
        }
        """;

    private sealed record Plan(string VipTier, int LowDigits, string Busy)
    {
        public CompiledLogic Compile() => Logics.Compile(Table
            .Replace("VIP_TIER", VipTier, StringComparison.Ordinal)
            .Replace("LOW_DIGITS", LowDigits.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("BUSY", Busy, StringComparison.Ordinal));

        public string First(PlannedCall call) =>
            (call.Tier ?? "none") == VipTier ? "vip" : call.Digit < LowDigits ? "low" : "start " + call.Digit;

        // Two handoffs of each call at most; a rejection is final.
        public bool Differs(Plan other, PlannedCall call) =>
            First(call) != other.First(call) || (call.Failures.Length > 0 && call.Failures[0] == TransferOutcome.Busy && Busy != other.Busy && First(call) != "low")
            || (call.Failures.Length > 1 && call.Failures[1] == TransferOutcome.Busy && Busy != other.Busy);
    }

    public sealed record PlannedCall(string? Tier, int Digit, TransferOutcome[] Failures);

    private static readonly Gen<PlannedCall> s_call =
        from tier in Gen.Elements<string?>(null, "gold", "silver", "bronze")
        from digit in Gen.Choose(0, 9)
        from failures in Gen.Elements<TransferOutcome[]>([], [], [TransferOutcome.Busy], [TransferOutcome.NoAnswer], [TransferOutcome.Busy, TransferOutcome.NoAnswer])
        select new PlannedCall(tier, digit, failures);

    private static readonly Gen<PlannedCall[]> s_history = s_call.NonEmptyListOf().Select(list => list.ToArray());

    private static readonly Plan[] s_plans = [new("gold", 3, "8"), new("gold", 5, "8"), new("silver", 3, "8"), new("gold", 3, "88"), new("none", 0, "8")];

    private static List<CallHistory> Record(CompiledLogic logic, PlannedCall[] calls)
    {
        var past = new PastCalls(logic);
        return [.. calls.Select(c => past.Call(
            callee: $"+1555{c.Digit}",
            headers: c.Tier is null ? [] : [new SipHeader("X-Tier", c.Tier)],
            // What is rejected has no transfer that could fail.
            failures: c.Failures))];
    }

    [Fact]
    public void The_same_logic_gives_the_same_for_all()
    {
        using var logic = s_plans[0].Compile();
        using var replayer = new Replayer(logic, new ReplayOptions { Threads = 2 }, TimeProvider.System);

        Prop.ForAll(s_history.ToArbitrary(), calls =>
            Logics.ReplayAsync(replayer, Record(logic, calls)).GetAwaiter().GetResult().TrueForAll(call => call.Verdict == Verdict.Same)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Other_logic_gives_changed_exactly_where_another_computation_says_so(int index)
    {
        var (was, now) = (s_plans[0], s_plans[index]);
        using var logic = was.Compile();
        using var candidate = now.Compile();
        using var replayer = new Replayer(candidate, new ReplayOptions { Threads = 2 }, TimeProvider.System);
        var arbitrary = s_history.Select(calls => calls.Select(c => was.First(c) == "low" ? c with { Failures = [] } : c).ToArray()).ToArbitrary();

        Prop.ForAll(arbitrary, calls =>
        {
            var replayed = Logics.ReplayAsync(replayer, Record(logic, calls)).GetAwaiter().GetResult();
            return replayed.Zip(calls).All(pair => pair.First.Verdict == (was.Differs(now, pair.Second) ? Verdict.Changed : Verdict.Same));
        }).QuickCheckThrowOnFailure();
    }
}
