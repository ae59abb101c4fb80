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

    /// <summary>Checks the steps and gives them with numbers in plain form (visual separators dropped).</summary>
    /// <param name="steps">The handoff and its fallbacks.</param>
    /// <param name="knownEndpoints">The outbound endpoints that are configured; null leaves their names unchecked.</param>
    /// <param name="clean">The steps to request; empty on an error.</param>
    /// <param name="error">What is wrong, beginning with the field: <c>fallbacks[0].refer.refer_to: …</c>.</param>
    public static bool TryCheck(
        IReadOnlyList<Contracts.Handoff> steps,
        IReadOnlySet<string>? knownEndpoints,
        out IReadOnlyList<Contracts.Handoff> clean,
        out string? error)
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
                error = $"{place}.{steps[i].Method.ToString().ToLowerInvariant()}.{step.Error}";
                return false;
            }

            result[i] = cleaned;
        }

        clean = result;
        error = null;
        return true;
    }
}
