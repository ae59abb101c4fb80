using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>Who hears the call besides, and what they say in it: asked for by commands, and over with the call at the latest.</content>
internal sealed partial class Call
{
    private const int MostMonitors = 4;

    private List<MonitorLeg>? _monitors;

    private CommandAnswer? WhyNotMonitored(CallCommand command)
    {
        if (command.Monitor is not { } asked || asked.MonitorId == Guid.Empty)
            return Invalid("it does not say what is asked of which monitor");
        if (asked.Action != MonitorAction.End && asked.Mode is null)
            return Invalid($"mode: is missing; give one of {string.Join(", ", WireName.All<MonitorMode>())}");
        if (asked.Action != MonitorAction.End && (asked.Mode == MonitorMode.Whisper ? asked.Side is not (CallerName or TargetName) : asked.Side is not null))
            return Invalid($"side: expected {CallerName} or {TargetName} with the mode whisper, and nothing else");
        if (asked.Action != MonitorAction.Start)
            return _monitors?.Exists(m => m.Id == asked.MonitorId) == true ? null : NotPossible($"the call has no monitor {asked.MonitorId}, or it is over");
        if (Bridge is not { } bridge)
            return NotPossible("the caller is connected to nobody, so there is nothing to hear");
        if (!IsHearable)
            return NotPossible("the call's media does not go through the node, so it cannot be heard; hand it off with media anchor, media rtpengine or record");
        if (_monitors is { Count: >= MostMonitors })
            return NotPossible($"{MostMonitors} monitor the call already, as many as may");
        if (TargetOf(asked, out var whyNot) is not { } target)
            return Invalid($"target: {whyNot!.Why}");
        return Shard.Targets.WhyNot(target, target.Address.EndPoint?.Address) is { } notAllowed ? Invalid($"target: {notAllowed}") : null;

        CommandAnswer Invalid(string problem) => CommandAnswers.Refuse(command, CommandResult.Invalid, problem);

        CommandAnswer NotPossible(string problem) => CommandAnswers.Refuse(command, CommandResult.NotPossible, problem);
    }

    private InviteTarget? TargetOf(MonitorChange asked, out NoTarget? whyNot) => InviteTarget.Of(
        new Handoff { Method = HandoffMethod.Invite, PhoneNumber = asked.Target, OutboundEndpoint = asked.OutboundEndpoint },
        trunk => Shard.Servers.Of(trunk, Shard.Resolver, Shard.Agent.Random)[0],
        Shard.Trunks,
        out whyNot);

    /// <summary>What is asked of a monitor is done once it is recorded; nobody hears anything before.</summary>
    private void TakeMonitor(TakenCommand command, CallEvent[] events)
    {
        var (record, asked) = (command.Record, command.Record.Monitor!);
        if (asked.Action == MonitorAction.Start)
            (_monitors ??= []).Add(new MonitorLeg(this, TargetOf(asked, out _)!, CallerIdFor(null, out _)!, record));
        else if (asked.Action == MonitorAction.Change)
            events = [.. events, Stream.Stamp(record.EventId, new MonitorChanged { MonitorId = asked.MonitorId, By = record.By, Mode = asked.Mode!.Value, Side = asked.Side })];
        Stream.Append(new CommandEntry(this, command, events));
    }

    private void OnMonitorRecorded(CommandTaken command)
    {
        if (IsEnding || _monitors?.Find(m => m.Id == command.Monitor!.MonitorId) is not { } monitor)
            return;
        switch (command.Monitor!.Action)
        {
            case MonitorAction.Start:
                _ = Hear();
                monitor.Dial();
                break;
            case MonitorAction.Change:
                monitor.Change(command.Monitor.Mode!.Value, command.Monitor.Side);
                Mix();
                break;
            default:
                monitor.End(MonitorEndCause.Command, command.By);
                break;
        }
    }

    /// <summary>Somebody has answered who is to hear the call.</summary>
    public void OnMonitoring(MonitorLeg monitor, MonitorStarted started, CommandTaken command)
    {
        Stream.Append(command.EventId, started);
        Mix();
    }

    /// <summary>Somebody hears it no more, or did not come to.</summary>
    public void OnMonitored(MonitorLeg monitor, MonitorEnded ended, CommandTaken command)
    {
        _monitors!.Remove(monitor);
        Stream.Append(command.EventId, ended);
        Mix();
        HearNoMore();
    }

    private void EndMonitors()
    {
        foreach (var monitor in _monitors?.ToArray() ?? [])
            monitor.End(MonitorEndCause.CallEnded, null);
    }

    /// <summary>Lets everybody hear whom they are to hear; to be called whenever somebody has come or gone, or says something now, or a side has heard something whole.</summary>
    private void Mix()
    {
        if (ConnectedPair is { } pair)
            Lead(pair);
        if (_monitors is null)
            return;
        var kept = SpokenTo(Session);
        var peer = Bridge is { } bridge ? SpokenTo(bridge.Peer.Session) : null;
        // Both sides have the same name when a target has had itself connected with another one: the whisper is for one of them alone.
        bool isKeptSide = Bridge?.Peer.Name != Kept.Name;
        var (keptVoice, peerVoice) = Bridge is { Peer.Session: var session } ? (Voice(Session), Voice(session)) : (kept, null);
        foreach (var monitor in _monitors)
            monitor.Media?.HearMix([.. Known(keptVoice, peerVoice), .. Speakers(other => other != monitor && other.Mode == MonitorMode.Join)]);
        if (Session.Whole is null)
            kept?.HearMix(peer is null ? [] : Heard(peer, Speakers(m => m.Mode == MonitorMode.Join || (isKeptSide && m.SpeaksTo(Kept.Name)))));
        if (Bridge?.Peer.Session.Whole is null)
            peer?.HearMix(kept is null ? [] : Heard(kept, Speakers(m => m.SpeaksTo(Bridge!.Peer.Name))));
    }

    /// <summary>Two have agreed on something at their engine.</summary>
    public void OnAgreed(EnginePair pair)
    {
        if (pair == ConnectedPair)
            Lead(pair);
    }

    /// <summary>What two say at an engine goes through this node as long as somebody speaks to them, or digits of theirs are turned into what the other one takes.</summary>
    private void Lead(EnginePair pair)
    {
        bool isWhole = pair.First.Whole is not null || pair.Second.Whole is not null;
        if (!isWhole && (pair.ConvertsDigits || _monitors?.Exists(static monitor => monitor is { Media: not null, Mode: not MonitorMode.Listen }) == true))
            pair.LeadHere();
        else
            pair.LeadPast();
    }

    /// <summary>An engine leads what both say through this node again.</summary>
    public void OnLed() => Mix();

    /// <summary>An engine does not lead what both say through this node: nobody can speak to them.</summary>
    public void OnNotLed(EnginePair pair, string whyNot)
    {
        if (pair != ConnectedPair)
            return;
        Shard.Logger.LogWarning("Nobody can speak to the two of the call {Call}, nor are digits of theirs turned into what the other one takes: {WhyNot}", Id, whyNot);
        foreach (var monitor in _monitors?.FindAll(static monitor => monitor.Mode != MonitorMode.Listen) ?? [])
            monitor.End(MonitorEndCause.Lost, $"its media engine does not lead the call through this node: {CustomHeaders.Shown(whyNot)}");
    }

    /// <summary>By what a side hears what is said here; null where it hears nothing from here.</summary>
    private MediaLeg? SpokenTo(LegSession session) => OwnMedia(session) ?? ConnectedPair?.EndTo(session);

    private MediaLeg[] Speakers(Predicate<MonitorLeg> speaks) => [.. _monitors!.Where(m => m.Media is not null && speaks(m)).Select(m => m.Media!)];

    private static MediaLeg[] Heard(MediaLeg other, MediaLeg[] speakers) => speakers.Length == 0 ? [] : [other, .. speakers];

    private static IEnumerable<MediaLeg> Known(params MediaLeg?[] legs) => legs.OfType<MediaLeg>();

    /// <summary>The media of a session, as long as it is this call's affair.</summary>
    private MediaLeg? OwnMedia(LegSession session) => session.MediaOf == this ? session.Media : null;
}
