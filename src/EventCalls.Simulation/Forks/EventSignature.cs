using System.Globalization;
using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>What an event says apart from when and under which ids: two streams tell of the same when these are the same.</summary>
internal static class EventSignature
{
    /// <summary>Whether the call's own machinery, or the router, makes such an event.</summary>
    public static bool IsPlayed(CallEvent e) => e is not (RecordingStored or RecordingFailed or RecordingPaused or RecordingDiscarded or RecordingStreamed or MediaStatistics or DtmfReceived or MonitorStarted or MonitorChanged or MonitorEnded or CommandTaken { Kind: CommandKind.Recording or CommandKind.Monitor });

    /// <summary>The signature.</summary>
    public static string Of(CallEvent e) => string.Create(CultureInfo.InvariantCulture, $"{CallEventNames.Of(e)} {Details(e)}").TrimEnd();

    private static string Details(CallEvent e) => e switch
    {
        CallAnswered x => x.Leg,
        FlowSelected x => x.Flow,
        ReferReceived x => $"{x.Leg} {x.Status} {x.ReferTo}",
        HandoffRequested x => $"{WireName.Of(x.RequestedBy)} {HandoffWords.Of(x.Steps)}",
        CommandTaken x => $"{WireName.Of(x.Kind)} {x.Flow}",
        StateChanged x => string.Join(' ', x.Changes.Keys.Order(StringComparer.Ordinal)),
        RoutingFailed x => WireName.Of(x.Cause),
        TransferStarted x => $"{x.Attempt} {WireName.Of(x.Method)} {x.Target} {x.Trunk}",
        TransferProgressed x => $"{x.Attempt} {x.Source} {x.Status}",
        TransferCompleted x => $"{x.Attempt} {WireName.Of(x.Outcome)} {x.Evidence.Source} {x.Evidence.Status}",
        TransferFailed x => $"{x.Attempt} {WireName.Of(x.Outcome)} {x.Evidence.Source} {(x.Evidence.Source == "local" ? null : x.Evidence.Status)} {(x.Final ? "final" : "")}",
        CallEnded x => $"{WireName.Of(x.EndedBy)} {WireName.Of(x.Cause)} {x.Status}",
        _ => "",
    };
}
