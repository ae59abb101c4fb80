using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Calls;

/// <summary>The options that choose calls.</summary>
internal sealed class CallFilterOptions
{
    private readonly Option<DateTimeOffset?> _from = TimeOption.Of("--from", "Only calls that started at this time or later.");
    private readonly Option<DateTimeOffset?> _to = TimeOption.Of("--to", "Only calls that started before this time.");
    private readonly Option<string?> _caller = Text("--caller", "NUMBER", "Only calls of this caller's number.");
    private readonly Option<string?> _callee = Text("--callee", "NUMBER", "Only calls to this dialled number.");
    private readonly Option<string?> _flow = Text("--flow", "FLOW", "Only calls whose last flow is this one.");
    private readonly Option<TransferOutcome?> _outcome = Outcome("--outcome", "Only calls whose last transfer came to this", _ => true);
    private readonly Option<string?> _reason = Text("--reason", "REASON", "Only calls whose last handoff gave this reason.");
    private readonly Option<string?> _trunk = Text("--trunk", "TRUNK", "Only calls that came in on this trunk.");
    private readonly Option<bool> _archived = new("--archived") { Description = "Only calls that were archived, which are left out otherwise." };
    private readonly Option<int?> _limit;

    /// <param name="command">The command that gets them.</param>
    /// <param name="limit">How many calls at most when nothing is said; null for all.</param>
    public CallFilterOptions(Command command, int? limit)
    {
        _limit = WholeNumber.Option("--limit", "At most so many calls.", "how many calls, 1 or more", 1);
        _limit.DefaultValueFactory = _ => limit;
        foreach (var option in Filters)
            command.Add(option);
        command.Add(_limit);
        TimeOption.MustFollow(command, _from, _to);
    }

    private Option[] Filters => [_from, _to, _caller, _callee, _flow, _outcome, _reason, _trunk, _archived];

    /// <summary>The query that was asked for.</summary>
    public CallQuery Query(ParseResult result) => new()
    {
        From = result.GetValue(_from),
        To = result.GetValue(_to),
        Caller = result.GetValue(_caller),
        Callee = result.GetValue(_callee),
        Flow = result.GetValue(_flow),
        Outcome = result.GetValue(_outcome),
        Reason = result.GetValue(_reason),
        Trunk = result.GetValue(_trunk),
        Archived = result.GetValue(_archived),
        Limit = result.GetValue(_limit),
    };

    /// <summary>Whether anything but the limit was asked for.</summary>
    public bool AnyGiven(ParseResult result) => Filters.Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>An option that takes a typed outcome.</summary>
    public static Option<TransferOutcome?> Outcome(string name, string description, Func<TransferOutcome, bool> isTaken)
    {
        string[] known = [.. WireName.All<TransferOutcome>().Where(n => WireName.TryParse(n, out TransferOutcome o) && isTaken(o))];
        var option = new Option<TransferOutcome?>(name)
        {
            Description = $"{description}: {string.Join(", ", known)}.",
            HelpName = "OUTCOME",
            CustomParser = result =>
            {
                if (WireName.TryParse(result.Tokens[0].Value, out TransferOutcome outcome) && isTaken(outcome))
                    return outcome;
                result.AddError($"{name} is '{result.Tokens[0].Value}'; expected one of {string.Join(", ", known)}");
                return null;
            },
        };
        option.CompletionSources.Add(known);
        return option;
    }

    private static Option<string?> Text(string name, string what, string description) => new(name) { Description = description, HelpName = what };
}
