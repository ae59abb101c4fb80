using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Past;
using EventCalls.Routing.Deciding;

namespace EventCalls.Replay.Deciding;

/// <summary>What the hash of a version says about one call: what the same version decided must come out the same, or the logic is not deterministic.</summary>
/// <param name="version">The candidate's hash.</param>
internal sealed class SameVersion(string version)
{
    private bool _isOtherwise;

    /// <summary>What the very version that decided does otherwise now, in words; null when that cannot be said.</summary>
    public string? Nondeterminism { get; private set; }

    /// <summary>Whether this version took the decision when the call was recorded.</summary>
    public bool Decided(PastDecision was) => was.ToDecided().LogicVersion == version;

    /// <summary>Whether a decision that met its limit is taken once more: not when it met it then as well.</summary>
    public bool TakesAgain(PastDecision was, DecisionResult result) =>
        result.Failure is { Cause: RoutingFailureCause.LogicTimedOut } && !IsSameEnd(was, RoutingFailureCause.LogicTimedOut);

    /// <summary>Whether this version was ended when the call was recorded, and is again: which limit it meets first is the machine's.</summary>
    public bool IsSameEnd(PastDecision was, RoutingFailureCause cause) =>
        Decided(was) && DecisionEnds.IsEnded(cause) && was.RoutingFailed is { Cause: var then } && DecisionEnds.IsEnded(then);

    /// <summary>Whether it fails as it failed then, so that the default is taken as it was.</summary>
    public bool IsSameFailure(PastDecision was, DecisionFailure failure) =>
        was.Selected is not null && (was.RoutingFailed?.Cause == failure.Cause || IsSameEnd(was, failure.Cause));

    /// <summary>Why a decision cannot be compared with the recorded one: what the same logic missed then for lack of time says nothing about the logic.</summary>
    public string? Incomparable(PastDecision was) => was.RoutingFailed is not { } failed || failed.LogicVersion != version ? null
        : failed.Cause is RoutingFailureCause.LogicTimedOut or RoutingFailureCause.BusUnavailable
            ? "the same logic ran out of time when the call was recorded, so that what it would have decided was not recorded"
        : failed.Cause == RoutingFailureCause.LogicCrashed
            ? "the same logic ended its process when the call was recorded, so that what it would have decided was not recorded"
        : null;

    /// <summary>A decision came out otherwise than recorded.</summary>
    public void Changed(PastDecision was, Decided now, IReadOnlyList<FieldChange> changes)
    {
        // An endpoint that was not configured then and is now is the configuration's doing.
        if (was.RoutingFailed is { Cause: RoutingFailureCause.InvalidDecision, Message: var message } && Names(message, now.Steps))
            _isOtherwise = true;
        CameOutOtherwise(was, $"the version that decided then decides otherwise now: {string.Join(", ", changes.Select(c => c.Field).Distinct())}");
    }

    /// <summary>A decision fails that did not.</summary>
    public void Failed(PastDecision was, ReplayError error)
    {
        if (error.Cause == RoutingFailureCause.InvalidDecision && Names(error.Message, was.ToDecided().Steps))
            _isOtherwise = true;
        CameOutOtherwise(was, $"the version that decided then fails now: {error.Message}");
    }

    /// <summary>A decision asked for what is configured otherwise now: what comes out otherwise is the configuration's doing.</summary>
    public void IsConfiguredOtherwise() => _isOtherwise = true;

    /// <summary>Taken a second time it came out otherwise, whatever was recorded.</summary>
    public void Differs(PastDecision was, string what)
    {
        if (Decided(was))
            Nondeterminism ??= what;
    }

    // What follows the first such decision of a call can be otherwise because of it.
    private void CameOutOtherwise(PastDecision was, string what)
    {
        if (!_isOtherwise && Decided(was))
            Nondeterminism = what;
        _isOtherwise = true;
    }

    private static bool Names(string message, IReadOnlyList<Handoff> steps) =>
        steps.Any(s => s.OutboundEndpoint is { } endpoint && message.Contains($"'{endpoint}'", StringComparison.Ordinal));
}
