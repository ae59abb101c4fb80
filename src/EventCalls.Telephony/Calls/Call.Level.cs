using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <content>How loud the two are, measured only while somebody looks.</content>
internal sealed partial class Call
{
    private const int UnwatchedAfterMs = 5_000;

    private LevelWatch? _level;

    private CommandAnswer Level(CallCommand command)
    {
        if (IsEnding)
            return CommandAnswers.Over(command);
        _ = Hear();
        var kept = Voice(Session);
        var peer = Bridge is { } bridge ? Voice(bridge.Peer.Session) : null;
        if (kept is null)
            return CommandAnswers.Refuse(command, CommandResult.NotPossible, "the call's media does not go through the node, so nobody knows how loud it is");
        (_level ??= new LevelWatch(this)).Start(UnwatchedAfterMs);
        bool isCallerKept = Kept.Name == CallerName;
        double? keptLevel = Math.Round(kept.TakeLevel(), 3), peerLevel = peer is null ? null : Math.Round(peer.TakeLevel(), 3);
        return new CommandAnswer { CommandId = command.CommandId, Result = CommandResult.Taken, CallerLevel = isCallerKept ? keptLevel : peerLevel, TargetLevel = isCallerKept ? peerLevel : keptLevel };
    }

    private void OnUnwatched()
    {
        Voice(Session)?.StopLevel();
        if (Bridge is { } bridge)
            Voice(bridge.Peer.Session)?.StopLevel();
        HearNoMore();
    }

    private sealed class LevelWatch(Call call) : CallTimer(call)
    {
        protected override void Fire() => Call.OnUnwatched();
    }
}
