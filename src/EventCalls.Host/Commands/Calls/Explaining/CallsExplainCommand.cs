using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Replay.Explaining;
using EventCalls.Routing.Deciders;
using EventCalls.Terminal;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Host.Commands.Calls.Explaining;

/// <summary><c>eventcalls calls explain ID</c>: why each decision of a call came out as it did.</summary>
internal static class CallsExplainCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RecordedStream.Argument();
        var command = new Command("explain", "Explains a call's decisions: the line that decided, and what it read; decides each again to be sure.") { id };
        var number = WholeNumber.Option("--decision", "Only this decision, 1 for the first.", "the number of a decision, 1 for the first", 1);
        command.Add(number);
        var json = JsonOption.AddTo(command, "One JSON object: the call's id and its decisions.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(id)!, result.GetValue(number), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string id, int? number, bool asJson, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        await using var store = ConfiguredStore.Open(context);
        if (await RecordedStream.FindAsync(context, store, id, ct).ConfigureAwait(false) is not { } call)
            return ExitCodes.NotSo;
        var decisions = RecordedDecisions.Of(call.Events);
        if (decisions.Count == 0 || number > decisions.Count)
        {
            string has = decisions.Count switch { 0 => "no decision", 1 => "1 decision", { } n => $"{n} decisions" };
            context.Error.WriteLine(number is null ? $"The call {call.Call.CallId:D} has {has} on record." : $"--decision is {number}, and the call {call.Call.CallId:D} has {has} on record.");
            return ExitCodes.NotSo;
        }
        await using var explainer = new DecisionExplainer(
            store, settings.KnownEndpoints, DeciderChoice.Of(settings.Router, settings.Lookups), context.Time, NullLogger.Instance);
        var explained = new List<Explanation>();
        foreach (var decision in decisions.Where(d => number is null || d.Number == number))
            explained.Add(await explainer.ExplainAsync(decision, ct).ConfigureAwait(false));
        if (asJson)
            new JsonLines(context.Out).Write(ExplainedCall.Of(call.Call.CallId, explained), ExplanationJson.Default.ExplainedCall);
        else
            ExplanationView.Write(Screen.On(context.Out), call, explained);
        return explained.Any(e => e.IsRepeated == false) ? ExitCodes.NotSo : ExitCodes.Done;
    }
}
