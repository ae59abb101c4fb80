using System.Reflection;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts.Tests;

/// <summary>What is stored keeps its name for ever: a change here breaks what past versions wrote.</summary>
public sealed class StoredNamesTests
{
    [Fact]
    public void Every_event_has_the_stored_name_it_always_had()
    {
        (string Name, Type Type, bool Told)[] pinned =
        [
            ("call_answered", typeof(CallAnswered), false),
            ("call_ended", typeof(CallEnded), true),
            ("call_started", typeof(CallStarted), true),
            ("command_taken", typeof(CommandTaken), false),
            ("dtmf_received", typeof(DtmfReceived), false),
            ("flow_selected", typeof(FlowSelected), true),
            ("handoff_requested", typeof(HandoffRequested), true),
            ("media_statistics", typeof(MediaStatistics), false),
            ("monitor_changed", typeof(MonitorChanged), false),
            ("monitor_ended", typeof(MonitorEnded), false),
            ("monitor_started", typeof(MonitorStarted), false),
            ("recording_discarded", typeof(RecordingDiscarded), false),
            ("recording_failed", typeof(RecordingFailed), false),
            ("recording_paused", typeof(RecordingPaused), false),
            ("recording_stored", typeof(RecordingStored), false),
            ("recording_streamed", typeof(RecordingStreamed), false),
            ("refer_received", typeof(ReferReceived), false),
            ("routing_failed", typeof(RoutingFailed), true),
            ("routing_timed_out", typeof(RoutingTimedOut), true),
            ("state_changed", typeof(StateChanged), false),
            ("transfer_completed", typeof(TransferCompleted), true),
            ("transfer_failed", typeof(TransferFailed), true),
            ("transfer_progressed", typeof(TransferProgressed), false),
            ("transfer_started", typeof(TransferStarted), false),
        ];
        Assert.Equal(pinned.Select(p => (p.Name, p.Type)), CallEventNames.All.Select(e => (e.Name, e.Type)).OrderBy(e => e.Name, StringComparer.Ordinal));
        foreach (var (name, type, told) in pinned)
        {
            var e = SampleEvents.Full.Single(sample => sample.GetType() == type);
            Assert.Equal((name, told), (CallEventNames.Of(e), CallEventNames.IsTold(e)));
            Assert.Equal(type, CallEventNames.TypeOf(name));
        }

        Assert.Null(CallEventNames.TypeOf("call_parked"));
    }

    [Fact]
    public void Every_event_type_of_the_assembly_has_a_name_and_a_sample()
    {
        var types = typeof(CallEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CallEvent))).OrderBy(type => type.Name).ToList();
        Assert.Equal(types, CallEventNames.All.Select(e => e.Type).OrderBy(type => type.Name));
        Assert.Equal(types, SampleEvents.Full.Select(e => e.GetType()).OrderBy(type => type.Name));
        Assert.All(types, type => Assert.True(type.IsSealed, $"{type} is not sealed."));
    }

    [Fact]
    public void The_name_is_the_types_name_in_snake_case_as_Marten_would_make_it()
    {
        foreach (var (type, name) in CallEventNames.All)
            Assert.Equal(name, string.Concat(type.Name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString())));
    }

    [Theory]
    [InlineData(typeof(TransferOutcome), "answered accepted busy no_answer declined not_found not_allowed unauthorized unreachable timed_out no_notify caller_hung_up invalid_target error cancelled")]
    [InlineData(typeof(CommandKind), "handoff state flow hangup recording monitor level")]
    [InlineData(typeof(RecordingChange), "start pause resume discard")]
    [InlineData(typeof(MonitorMode), "listen whisper join")]
    [InlineData(typeof(MonitorAction), "start change end")]
    [InlineData(typeof(MonitorEndCause), "hung_up command call_ended not_reached lost")]
    [InlineData(typeof(CallEndCause), "hung_up cancelled transferred given_back redirected rejected peer_silent node_stopped node_lost error not_seen session_expired media_timeout")]
    [InlineData(typeof(CallParty), "caller target system api")]
    [InlineData(typeof(HandoffMethod), "invite refer bye redirect reject")]
    [InlineData(typeof(RoutingFailureCause), "no_logic logic_threw logic_timed_out unknown_flow invalid_decision no_decision bus_unavailable logic_crashed")]
    public void Enum_values_have_the_stored_names_they_always_had(Type type, string pinned)
    {
        var names = Enum.GetNames(type).Select(value => type.GetField(value)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name);
        Assert.Equal(pinned.Split(' '), names);
    }
}
