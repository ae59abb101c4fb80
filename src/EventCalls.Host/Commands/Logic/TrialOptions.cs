using System.CommandLine;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Calls;
using EventCalls.Routing;

namespace EventCalls.Host.Commands.Logic;

/// <summary>The options that describe a call that is only thought of.</summary>
internal sealed class TrialOptions
{
    private readonly Option<string> _caller = new("--caller") { Description = "The caller's number.", HelpName = "NUMBER", Required = true };
    private readonly Option<string> _callee = new("--callee") { Description = "The dialled number.", HelpName = "NUMBER", Required = true };
    private readonly Option<SipHeader[]> _headers = new("--header")
    {
        Description = "A SIP header of the INVITE; may be given several times.",
        HelpName = "\"NAME: VALUE\"",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _trunk = new("--trunk") { Description = "The trunk it comes in on.", HelpName = "TRUNK" };
    private readonly Option<DateTimeOffset?> _at = TimeOption.Of("--at", "When it comes; now when left out.");
    private readonly Option<Dictionary<string, JsonElement>?> _state = new("--state")
    {
        Description = "The state it has already, a JSON object.",
        HelpName = "JSON",
    };

    private readonly Option<TransferOutcome?> _after =
        CallFilterOptions.Outcome("--after-transfer", "Decide as after a transfer that failed like this", outcome => !TransferOutcomes.IsSuccess(outcome));

    public TrialOptions(Command command)
    {
        _headers.CustomParser = Headers;
        _state.CustomParser = State;
        command.Add(_caller);
        command.Add(_callee);
        command.Add(_headers);
        command.Add(_trunk);
        command.Add(_at);
        command.Add(_state);
        command.Add(_after);
    }

    /// <summary>The call that was described.</summary>
    public TrialCall Call(ParseResult result)
    {
        var call = new TrialCall
        {
            Caller = result.GetValue(_caller)!,
            Callee = result.GetValue(_callee)!,
            Headers = result.GetValue(_headers) ?? [],
            At = result.GetValue(_at),
            State = result.GetValue(_state),
            LastOutcome = result.GetValue(_after),
        };
        return result.GetValue(_trunk) is { } trunk ? call with { Trunk = trunk } : call;
    }

    private static SipHeader[] Headers(System.CommandLine.Parsing.ArgumentResult result)
    {
        var headers = new List<SipHeader>();
        foreach (var token in result.Tokens)
        {
            int colon = token.Value.IndexOf(':');
            var name = colon < 0 ? "" : token.Value[..colon].Trim();
            if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
                result.AddError($"--header is '{token.Value}'; expected a name, a colon and a value such as \"X-Customer-ID: 42\"");
            else
                headers.Add(new SipHeader(name, token.Value[(colon + 1)..].Trim()));
        }
        return [.. headers];
    }

    private static Dictionary<string, JsonElement>? State(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal);
            result.AddError($"--state is '{text}'; expected a JSON object such as {{\"tier\":\"gold\"}}");
        }
        catch (JsonException e)
        {
            result.AddError($"--state is '{text}'; expected a JSON object such as {{\"tier\":\"gold\"}}: {e.Message}");
        }
        return null;
    }
}
