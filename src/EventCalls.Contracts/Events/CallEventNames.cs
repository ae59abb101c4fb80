using System.Collections.Frozen;

namespace EventCalls.Contracts;

/// <summary>The stored names of the events: snake_case, never changed once released.</summary>
public static class CallEventNames
{
    private static readonly (Type Type, string Name, bool Told)[] s_all =
    [
        (typeof(CallStarted), "call_started", true),
        (typeof(CallAnswered), "call_answered", false),
        (typeof(FlowSelected), "flow_selected", true),
        (typeof(ReferReceived), "refer_received", false),
        (typeof(HandoffRequested), "handoff_requested", true),
        (typeof(RoutingFailed), "routing_failed", true),
        (typeof(RoutingTimedOut), "routing_timed_out", true),
        (typeof(TransferStarted), "transfer_started", false),
        (typeof(TransferProgressed), "transfer_progressed", false),
        (typeof(TransferCompleted), "transfer_completed", true),
        (typeof(TransferFailed), "transfer_failed", true),
        (typeof(RecordingStored), "recording_stored", false),
        (typeof(RecordingFailed), "recording_failed", false),
        (typeof(RecordingPaused), "recording_paused", false),
        (typeof(RecordingDiscarded), "recording_discarded", false),
        (typeof(RecordingStreamed), "recording_streamed", false),
        (typeof(MonitorStarted), "monitor_started", false),
        (typeof(MonitorChanged), "monitor_changed", false),
        (typeof(MonitorEnded), "monitor_ended", false),
        (typeof(MediaStatistics), "media_statistics", false),
        (typeof(DtmfReceived), "dtmf_received", false),
        (typeof(StateChanged), "state_changed", false),
        (typeof(CommandTaken), "command_taken", false),
        (typeof(CallEnded), "call_ended", true),
    ];

    private static readonly FrozenDictionary<Type, (string Name, bool Told)> s_byType =
        s_all.ToFrozenDictionary(e => e.Type, e => (e.Name, e.Told));

    private static readonly FrozenDictionary<string, Type> s_byName =
        s_all.ToFrozenDictionary(e => e.Name, e => e.Type, StringComparer.Ordinal);

    /// <summary>All event types with their stored names.</summary>
    public static IEnumerable<(Type Type, string Name)> All => s_all.Select(e => (e.Type, e.Name));

    /// <summary>The stored name of an event's type.</summary>
    public static string Of(CallEvent e) => s_byType[e.GetType()].Name;

    /// <summary>Whether the event is also published as a typed message of its own.</summary>
    public static bool IsTold(CallEvent e) => s_byType[e.GetType()].Told;

    /// <summary>The type stored under a name; null for a name this version does not know.</summary>
    public static Type? TypeOf(string name) => s_byName.GetValueOrDefault(name);
}
