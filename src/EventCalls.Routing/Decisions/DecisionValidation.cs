using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Checks a decision before it leaves the router, so that nothing that would break a SIP message or name nothing gets further.</summary>
public static class DecisionValidation
{
    /// <summary>The most characters of a handoff's reason.</summary>
    public const int MaxReason = 100;

    private const int MaxSteps = 20;

    /// <summary>What is wrong with a handoff's reason, beginning with the field; null when nothing is.</summary>
    public static string? ReasonError(string? reason) =>
        reason is null ? null
        : reason.Length is 0 or > MaxReason ? $"handoff.reason: {reason.Length} characters are given; 1 to {MaxReason} are possible."
        : reason.Any(char.IsControl) ? "handoff.reason: it has a control character; a short word such as queue_full is meant."
        : null;

    /// <summary>Checks the steps of a decision whose destination is found; what is wrong is said in the decision's own words.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="knownEndpoints">The outbound endpoints that are configured; null leaves their names unchecked.</param>
    /// <param name="clean">The steps to request; empty on an error.</param>
    /// <param name="error">What is wrong, beginning with the field.</param>
    public static bool TryCheck(DecisionDocument decision, IReadOnlySet<string>? knownEndpoints, out IReadOnlyList<Contracts.Handoff> clean, out string? error)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return TryCheck(decision.Steps, knownEndpoints, out clean, out error, decision.Asked);
    }

    /// <summary>Checks the steps and gives them with numbers in plain form (visual separators dropped).</summary>
    /// <param name="steps">The handoff and its fallbacks.</param>
    /// <param name="knownEndpoints">The outbound endpoints that are configured; null leaves their names unchecked.</param>
    /// <param name="clean">The steps to request; empty on an error.</param>
    /// <param name="error">What is wrong, beginning with the field: <c>fallbacks[0].refer.refer_to: …</c>, or as it was given for a destination, <c>handoff.route: …</c>.</param>
    /// <param name="asked">What each step was asked for by, null for one that was given itself; null when all were.</param>
    public static bool TryCheck(
        IReadOnlyList<Contracts.Handoff> steps,
        IReadOnlySet<string>? knownEndpoints,
        out IReadOnlyList<Contracts.Handoff> clean,
        out string? error,
        IReadOnlyList<NamedHandoff?>? asked = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        clean = [];
        if (steps.Count is 0 or > MaxSteps)
        {
            error = $"handoff: {steps.Count} steps are given; 1 to {MaxSteps} are possible.";
            return false;
        }

        var result = new Contracts.Handoff[steps.Count];
        for (int i = 0; i < steps.Count; i++)
        {
            var step = new StepCheck(steps[i], knownEndpoints);
            if (step.Run() is not { } cleaned)
            {
                string place = i == 0 ? "handoff" : $"fallbacks[{i - 1}]";
                error = $"{place}.{asked?[i]?.AsGiven(steps[i], step.Error!) ?? $"{WireName.Of(steps[i].Method)}.{step.Error}"}";
                return false;
            }

            result[i] = cleaned;
        }

        clean = result;
        error = null;
        return true;
    }
}
