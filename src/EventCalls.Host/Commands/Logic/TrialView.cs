using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Host.Screens;
using EventCalls.Routing.Deciding;

namespace EventCalls.Host.Commands.Logic;

/// <summary>A trial's outcome for people.</summary>
internal static class TrialView
{
    private const int LabelWidth = 11;

    /// <summary>Writes the decision, or why there is none, and what was read on the way.</summary>
    public static void Write(CommandContext context, DecisionResult decision, string? decisionJson)
    {
        var console = Screen.On(context.Out);
        void Line(string label, string text) => console.WriteLabelled(label, LabelWidth, text);

        Line("Flow", decision.FlowChain.Count == 0 ? decision.Flow : string.Join(" → ", decision.FlowChain));
        Line("Decided by", decision.DecidedBy);
        Line("Took", string.Create(CultureInfo.InvariantCulture, $"{decision.Elapsed.TotalMilliseconds:0.000} ms"));
        Line("Logic", decision.LogicVersion);
        if (decision.UnansweredLookup is { } unanswered)
            Line("Unanswered", $"the look-up {unanswered.Name}[{unanswered.Key}]: there is no such table");
        bool isFirst = true;
        foreach (var read in (decision.Reads ?? []).Distinct())
        {
            Line(isFirst ? "Read" : "", read.Value is { } value ? $"{read.What} = {value}" : $"{read.What}: absent");
            isFirst = false;
        }
        if (decisionJson is not null)
            context.Out.WriteLine(decisionJson);
        if (decision.Failure is { } failure)
            context.Error.WriteLine($"The decision failed, {WireName.Of(failure.Cause)}: {PlainText.Of(failure.Message)}");
    }
}
