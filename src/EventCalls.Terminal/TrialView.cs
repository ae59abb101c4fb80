using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Terminal;

/// <summary>A trial's outcome for people.</summary>
public static class TrialView
{
    private const int LabelWidth = 11;

    /// <summary>Writes the decision, or why there is none, and what was read on the way.</summary>
    public static void Write(TextWriter to, TextWriter errors, DecisionResult decision, string? decisionJson)
    {
        var console = Screen.On(to);
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
        foreach (string line in decision.Log ?? [])
            Line("Log", PlainText.Of(line));
        foreach (var metric in decision.Metrics ?? [])
            Line("Metric", string.Create(CultureInfo.InvariantCulture, $"{metric.Name} = {metric.Value}"));
        if (decisionJson is not null)
            to.WriteLine(decisionJson);
        if (decision.Failure is { } failure)
            errors.WriteLine($"The decision failed, {WireName.Of(failure.Cause)}: {PlainText.Of(failure.Message)}");
    }
}
