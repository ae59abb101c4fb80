using System.Collections.Frozen;
using System.Collections.Immutable;

/// A table of branches, each with its hours and its numbers.
public sealed class RecordTables : RoutingLogic
{
    private sealed record Shift(DayOfWeek Day, TimeOnly From, TimeOnly To);

    private sealed record Branch(string Name, string[] Numbers, Shift[] Shifts)
    {
        public bool IsOpen(DateTime local) =>
            Shifts.Any(s => s.Day == local.DayOfWeek && TimeOnly.FromDateTime(local).IsBetween(s.From, s.To));
    }

    private static readonly FrozenDictionary<string, Branch> s_branches = new[]
    {
        new Branch("north", ["4510", "4511"], [new(DayOfWeek.Wednesday, new(9, 0), new(17, 0)), new(DayOfWeek.Saturday, new(10, 0), new(13, 0))]),
        new Branch("south", ["4520"], [new(DayOfWeek.Thursday, new(9, 0), new(17, 0))]),
    }.ToFrozenDictionary(b => b.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly ImmutableArray<Branch> s_order = [.. s_branches.Values.OrderBy(b => b.Name, StringComparer.Ordinal)];

    public override Decision Start(Conversation conv)
    {
        var now = conv.Now.UtcDateTime;
        if (s_branches.TryGetValue(conv.SipHeaders["X-Branch"] ?? "", out var asked) && asked.IsOpen(now))
            return First(asked);
        return s_order.FirstOrDefault(b => b.IsOpen(now)) is { } open ? First(open) : Handoff.Reject(480);
    }

    private static Decision First(Branch branch)
    {
        var step = Handoff.Invite(branch.Numbers[0], outboundEndpoint: "pstn");
        foreach (string number in branch.Numbers.Skip(1))
            step = step.OrElse(Handoff.Invite(number, outboundEndpoint: "pstn"));
        return step;
    }
}
