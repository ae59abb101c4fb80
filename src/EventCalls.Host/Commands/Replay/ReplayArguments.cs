using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Calls;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Deciding;
using EventCalls.Replay.Gate;
using EventCalls.Routing;
using EventCalls.Simulation.Forks;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Replay;

/// <summary>The options of <c>eventcalls replay</c>.</summary>
internal sealed class ReplayArguments
{
    private readonly Option<string> _logic = new("--logic", "--webhook")
    {
        Description = "The candidate: a folder of routing logic, a version in the store by its hash, as a whole or how it begins (sha256:1a2b), or the URL of a web service that decides.",
        HelpName = "DIR|sha256:…|URL",
    };

    private readonly Option<bool> _self = new("--self")
    {
        Description = "In place of a candidate: each call by the very version that had decided it, yesterday's or those of --from and --to; exit code 1 when one comes out otherwise.",
    };

    private readonly Option<string?> _baseline = Text("--baseline", "recorded|DIR|sha256:…", "What the candidate is compared with: what was recorded (as when left out), or another version, which then decides every call as well.");
    private readonly Option<string?> _history = Text("--history", "FILE", "Calls out of a file that 'eventcalls history export' made, in place of the store.");
    private readonly Option<DateTimeOffset?> _from = TimeOption.Of("--from", "Only calls that started at this time or later.");
    private readonly Option<DateTimeOffset?> _to = TimeOption.Of("--to", "Only calls that started before this time.");
    private readonly Option<string?> _trunk = Text("--trunk", "TRUNK", "Only calls that came in on this trunk.");
    private readonly Option<string?> _caller = Text("--caller", "NUMBER", "Only calls of this caller's number; +1555* for all that begin so.");
    private readonly Option<string?> _callee = Text("--callee", "NUMBER", "Only calls to this dialled number; +1555* for all that begin so.");
    private readonly Option<string?> _flow = Text("--flow", "FLOW", "Only calls whose last flow is this one.");
    private readonly Option<TransferOutcome?> _outcome = CallFilterOptions.Outcome("--outcome", "Only calls whose last transfer came to this", _ => true);
    private readonly Option<CallCondition[]> _headers = Repeated<CallCondition>(
        "--header", "NAME=VALUE", "Only calls whose INVITE had this header; VALUE may end in *; may be given several times.", Header);

    private readonly Option<CallCondition[]> _where = Repeated<CallCondition>(
        "--where", "FIELD=VALUE", $"Only calls with this field: {string.Join(", ", CallCondition.Fields)}, header.NAME; VALUE may end in *; may be given several times.", Where);

    private readonly Option<int?> _sample = Positive("--sample", "Only so many of these calls, spread evenly; the same ones each time.");
    private readonly Option<string[]> _calls = new("--call")
    {
        Description = "Only this call, by its id or the SIP Call-ID; may be given several times.",
        HelpName = "ID",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _threads = Positive("--threads", "How many calls are decided at the same time; as many as there are cores when left out, 32 with a web service.");
    private readonly Option<int?> _rate = Positive("--rate", "How many questions a second a web service is asked at most; each decision is asked twice. As many as it answers when left out.");
    private readonly Option<string?> _authorization = Text("--authorization-file", "FILE", "The text of this file is sent to a web service as Authorization.");
    private readonly Option<string?> _isolation = Isolation();
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "What decisions are given in place of what was recorded: now=2026-12-24T22:00:00Z, now=+8h, lookup:TABLE:KEY=VALUE, config:NAME=VALUE, fetch:SOURCE:KEY=JSON; or trunk:NAME=down, target:NUMBER=486, with which each call is played by the simulator; may be given several times.",
        HelpName = "WHAT=VALUE",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Set,
    };

    private readonly Option<bool> _live = new("--live-lookups")
    {
        Description = "Asks today's tables (EventCalls:Routing:Lookups) what was never looked up when the call was recorded; the report says so.",
    };

    private readonly Option<bool> _liveHandoffs = new("--live-handoffs")
    {
        Description = "Lets names of destinations (EventCalls:Handoffs) stand for today's, not for what they stood for when the call was recorded; the report says so.",
    };

    private readonly Option<GateRule[]> _failOn = Repeated<GateRule>(
        "--fail-on", "RULE", "Exit code 1 when it holds: \"changed>2%\", \"errors>0\", \"notReplayable>0\", \"nondeterministic>0\", \"same<95%\", \"moved:+15551234567\", \"load:+15551234567>120%\", each with \" where header.X-Tier=gold\" behind it for a segment; may be given several times.", Rule);

    private readonly Option<string?> _expected = Text("--expected", "FILE", "Changes that were announced, as JSON: calls that change in nothing else are counted apart; exit code 1 for rules that expired or were met by no call.");
    private readonly Option<string?> _golden = Text("--golden", "FILE", "Calls that must not change, by id or SIP Call-ID, one a line, with flow=NAME and target=TARGET where they must come to that; exit code 1 otherwise.");
    private readonly Option<string?> _resume = Text("--resume", "FILE", "Keeps there how far it came, and goes on from there when it was stopped.");
    private readonly Option<string?> _json = Text("--json", "FILE", "Writes the report as one JSON object; - for standard output.");
    private readonly Option<string?> _html = Text("--html", "FILE", "Writes the report as one page for a browser or for paper; - for standard output.");
    private readonly Option<string?> _csv = Text("--csv", "FILE", "Writes the changed calls as a table, one line a call; - for standard output.");

    private readonly Option<string?> _markdown = Text("--markdown", "FILE", "Writes the report as a comment for a pull request; - for standard output.");
    private readonly Option<string?> _junit = Text("--junit", "FILE", "Writes the gate's rules as JUnit's XML; - for standard output.");
    private readonly Option<string?> _sarif = Text("--sarif", "FILE", "Writes what changes at which line as SARIF 2.1.0; - for standard output.");
    private readonly Option<string?> _annotations = Text("--annotations", "FILE", "Writes what changes at which line as annotations of a GitHub workflow; - for standard output.");
    private readonly Option<Uri?> _console = new("--console") { Description = "Where the console is, such as https://calls.example.com: the page's table of changed calls links to it.", HelpName = "URL", CustomParser = ConsoleAt };

    // What could not be read has been said, and asking for its value throws.
    private static string? Given(SymbolResult result, Option option) => result.GetResult(option) is { Tokens: [var token, ..] } ? token.Value : null;

    public ReplayArguments(Command command)
    {
        foreach (var option in (Option[])[_logic, _self, _baseline, _history, _from, _to, _trunk, _caller, _callee, _flow, _outcome, _headers, _where, _sample, _calls, _threads, _rate, _authorization, _isolation, _set, _live, _liveHandoffs, _json, _html, _csv, _markdown, _junit, _sarif, _annotations, _console, _failOn, _expected, _golden, _resume])
            command.Add(option);
        TimeOption.MustFollow(command, _from, _to);
        command.Validators.Add(result =>
        {
            if (Given(result, _baseline) is { } baseline && IsUrl(baseline))
                result.AddError($"--baseline is '{baseline}'; a web service can only be the candidate, expected recorded, DIR or sha256:…");
            if (result.GetResult(_calls) is { Implicit: false } && Filters.Append(_sample).Any(f => result.GetResult(f) is { Implicit: false }))
                result.AddError("--call names the calls itself; leave the other conditions and --sample out");
            bool isSelf = result.GetResult(_self) is { Implicit: false } && result.GetValue(_self);
            if (!isSelf && result.GetResult(_logic) is null)
                result.AddError("Option '--logic' is required, or '--self'.");
            if (isSelf && command.Options.FirstOrDefault(o => !WithSelf.Contains(o) && result.GetResult(o) is { Implicit: false }) is { } other)
                result.AddError($"--self decides by the versions that had decided; {string.Join(", ", WithSelf[1..].Select(o => o.Name))} go with it, leave {other.Name} out");
        });
    }

    private const string InProcess = "in-process";

    // A web service mostly waits for others.
    private const int WebhookThreads = 32;

    private static bool IsUrl(string logic) => logic.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || logic.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static Option<string?> Isolation()
    {
        var option = Text("--isolation", $"process|{InProcess}", "Where the candidate runs: in processes of its own, or in this one, which is quicker and which it can end; as EventCalls:Routing:Isolation when left out.");
        option.AcceptOnlyFromAmong("process", InProcess);
        return option;
    }

    private Option[] WithSelf => [_self, _from, _to, _threads, _isolation, _json];

    private Option[] Filters => [_from, _to, _trunk, _caller, _callee, _flow, _outcome, _headers, _where];

    /// <summary>What was asked for with <c>--self</c>; null without it.</summary>
    public SelfReplayRequest? SelfRequest(ParseResult result) =>
        result.GetValue(_self) ? new(result.GetValue(_from), result.GetValue(_to), result.GetValue(_threads), IsolationOf(result), result.GetValue(_json)) : null;

    /// <summary>What was asked for.</summary>
    public ReplayRequest Request(ParseResult result) => new()
    {
        Logic = result.GetValue(_logic)!,
        Baseline = result.GetValue(_baseline) is { } baseline && baseline != "recorded" ? baseline : null,
        History = result.GetValue(_history),
        Choice = Choice(result),
        Words = Words(result),
        Threads = result.GetValue(_threads) ?? (IsUrl(result.GetValue(_logic)!) ? WebhookThreads : Environment.ProcessorCount),
        Rate = result.GetValue(_rate),
        AuthorizationFile = result.GetValue(_authorization),
        Isolation = IsolationOf(result),
        Inputs = (result.GetValue(_set) ?? []).Where(text => !Outage.IsMeant(text)).Aggregate((OtherInputs?)null, (inputs, text) => (inputs ?? new OtherInputs()).With(text)),
        Outages = [.. (result.GetValue(_set) ?? []).Where(Outage.IsMeant)],
        LiveLookups = result.GetValue(_live),
        LiveHandoffs = result.GetValue(_liveHandoffs),
        Rules = result.GetValue(_failOn) ?? [],
        Expected = result.GetValue(_expected),
        Golden = result.GetValue(_golden),
        Resume = result.GetValue(_resume),
        Json = result.GetValue(_json),
        Html = result.GetValue(_html),
        Csv = result.GetValue(_csv),
        Markdown = result.GetValue(_markdown),
        JUnit = result.GetValue(_junit),
        Sarif = result.GetValue(_sarif),
        Annotations = result.GetValue(_annotations),
        Console = result.GetValue(_console),
    };

    private LogicIsolation? IsolationOf(ParseResult result) => result.GetValue(_isolation) is { } isolation ? isolation == InProcess ? LogicIsolation.InProcess : LogicIsolation.Process : null;

    private CallChoice Choice(ParseResult result)
    {
        var (caller, callerPrefix) = Number(result.GetValue(_caller));
        var (callee, calleePrefix) = Number(result.GetValue(_callee));
        return new CallChoice
        {
            Query = new CallQuery
            {
                From = result.GetValue(_from),
                To = result.GetValue(_to),
                Trunk = result.GetValue(_trunk),
                Caller = caller,
                CallerPrefix = callerPrefix,
                Callee = callee,
                CalleePrefix = calleePrefix,
                Flow = result.GetValue(_flow),
                Outcome = result.GetValue(_outcome),
            },
            Conditions = [.. result.GetValue(_headers) ?? [], .. result.GetValue(_where) ?? []],
            Sample = result.GetValue(_sample),
            Ids = result.GetValue(_calls) ?? [],
        };
    }

    private string Words(ParseResult result)
    {
        var words = new List<string>();
        void Add<T>(Option<T> option, Func<T, string> text)
        {
            if (result.GetResult(option) is { Implicit: false } && result.GetValue(option) is { } value)
                words.Add($"{option.Name[2..]} {text(value)}");
        }

        Add(_from, time => $">= {UtcTime.Milliseconds(time!.Value)}");
        Add(_to, time => $"< {UtcTime.Milliseconds(time!.Value)}");
        foreach (var option in (Option<string?>[])[_trunk, _caller, _callee, _flow])
            Add(option, text => $"= {text}");
        Add(_outcome, outcome => $"= {WireName.Of(outcome!.Value)}");
        words.AddRange((result.GetValue(_headers) ?? []).Concat(result.GetValue(_where) ?? []).Select(c => c.ToString()));
        Add(_sample, size => string.Create(CultureInfo.InvariantCulture, $"of {size}"));
        words.AddRange((result.GetResult(_set)?.Tokens ?? []).Select(token => $"set {token.Value}"));
        words.AddRange((result.GetValue(_calls) ?? []).Select(id => $"call {id}"));
        return string.Join(", ", words);
    }

    private static (string? Whole, string? Prefix) Number(string? text) => text?.EndsWith('*') == true ? (null, text[..^1]) : (text, null);

    private static CallCondition? Header(string text, out string problem)
    {
        problem = $"--header is '{text}'; expected a name, = and a value such as X-Tier=gold, or X-Tier=* for any";
        int equals = text.IndexOf('=');
        return equals > 0 ? CallCondition.Header(text[..equals].Trim(), text[(equals + 1)..].Trim()) : null;
    }

    private static CallCondition? Where(string text, out string problem)
    {
        problem = $"--where is '{text}'; expected FIELD=VALUE with one of {string.Join(", ", CallCondition.Fields)}, header.NAME";
        int equals = text.IndexOf('=');
        return equals > 0 && CallCondition.TryField(text[..equals].Trim(), text[(equals + 1)..].Trim(), out var condition) ? condition : null;
    }

    private static GateRule? Rule(string text, out string problem)
    {
        problem = $"--fail-on is '{text}'; {GateRule.Forms}";
        return GateRule.TryParse(text, out var rule) ? rule : null;
    }

    private static string[] Set(ArgumentResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (Outage.IsMeant(token.Value) ? Outage.Read(token.Value) is null : new OtherInputs().With(token.Value) is null)
                result.AddError($"--set is '{token.Value}'; {OtherInputs.Forms}, {Outage.Forms}");
        }
        return [.. result.Tokens.Select(token => token.Value)];
    }

    private static Uri? ConsoleAt(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        result.AddError($"--console is '{result.Tokens[0].Value}'; expected an address such as https://calls.example.com");
        return null;
    }

    private delegate T? Reading<T>(string text, out string problem);

    private static Option<T[]> Repeated<T>(string name, string what, string description, Reading<T> read)
        where T : class => new(name)
        {
            Description = description,
            HelpName = what,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => Read(result, token.Value, read)).OfType<T>()],
        };

    private static T? Read<T>(ArgumentResult result, string text, Reading<T> read)
        where T : class
    {
        var value = read(text, out string problem);
        if (value is null)
            result.AddError(problem);
        return value;
    }

    private static Option<string?> Text(string name, string what, string description) => new(name) { Description = description, HelpName = what };

    private static Option<int?> Positive(string name, string description) => WholeNumber.Option(name, description, "a whole number, 1 or more", 1);
}
