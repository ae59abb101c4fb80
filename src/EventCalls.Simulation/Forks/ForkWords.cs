using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>Says an event in as few words as a narrow column takes.</summary>
public static class ForkWords
{
    /// <summary>The words.</summary>
    public static string Of(CallEvent e) => PlainText.Of(e switch
    {
        CallStarted => "INVITE",
        CallAnswered x => $"{x.Leg} answered",
        FlowSelected x => $"flow {x.Flow}",
        HandoffRequested x => (x.RequestedBy == Requester.Router ? "" : $"{WireName.Of(x.RequestedBy)}: ") + HandoffWords.Of(x.Steps).Replace("sip:", "", StringComparison.Ordinal),
        RoutingFailed x => $"routing failed: {WireName.Of(x.Cause)}",
        RoutingTimedOut x => $"no decision in {x.DeadlineMs} ms",
        TransferStarted x => $"{Method(x.Method)} {Short(x.Target)}".TrimEnd(),
        TransferProgressed x => x.Source == "notify" ? $"NOTIFY {EventWords.Status(x.Status, StatusLineText.PhraseOf(x.AsReceived))}" : EventWords.Status(x.Status, StatusLineText.PhraseOf(x.AsReceived)),
        TransferCompleted x => $"{WireName.Of(x.Outcome)}{Said(x.Evidence)}",
        TransferFailed x => $"{WireName.Of(x.Outcome)}{Said(x.Evidence)}{(x.Final ? "" : ", next step")}",
        CallEnded x => $"ended by {WireName.Of(x.EndedBy)}: {WireName.Of(x.Cause)}{(x.Status is { } status ? $", {status}" : "")}",
        _ => CallEventNames.Of(e),
    });

    private static string Method(HandoffMethod method) => method switch
    {
        HandoffMethod.Invite => "INVITE",
        HandoffMethod.Refer => "REFER",
        HandoffMethod.Bye => "BYE",
        { } other => WireName.Of(other),
    };

    private static string Said(SipEvidence evidence)
    {
        var text = EventWords.Status(evidence.Source == "local" ? null : evidence.Status, evidence.ReasonPhrase);
        return text.Length == 0 ? "" : $": {(evidence.Source == "notify" ? "NOTIFY " : "")}{text}";
    }

    private static string Short(string target) => target.StartsWith("sip:", StringComparison.Ordinal) ? target[4..] : target;
}
