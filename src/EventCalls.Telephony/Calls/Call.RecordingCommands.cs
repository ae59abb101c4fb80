using EventCalls.Contracts;
using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <content>What is asked of a recording while it is made, and what is withheld meanwhile.</content>
internal sealed partial class Call
{
    private List<Discard>? _discards;

    /// <summary>Whether a command has deleted a recording: what trunks say begins none any more.</summary>
    private bool _isDiscarded;

    /// <summary>Whether the handoff to whom the call is connected says that they are not recorded.</summary>
    private bool _isUnrecorded;

    private PausedBy _pausedBy;
    private bool _isWithheld;
    private long _withheldUntil = long.MinValue;

    /// <summary>Why the recording, ours or a recorder's outside, cannot be changed so, beginning with the field's name; null when it can.</summary>
    private string? WhyNotChanged(RecordingChange? change)
    {
        bool isMade = IsRecordedOutside ? _outside is not null : _recording is not null;
        return change switch
        {
            null => $"action: is missing; give one of {string.Join(", ", WireName.All<RecordingChange>())}",
            RecordingChange.Discard when IsRecordedOutside => "action: the recording is with a recorder outside (Media:Siprec); delete it there",
            RecordingChange.Start when !isMade && Bridge is null => "action: the caller is connected to nobody yet, so there is nothing to record",
            RecordingChange.Start when !isMade && (!IsHearable || (Shard.Recorder is null && !IsRecordedOutside)) =>
                "action: the call's media does not go through the node, so it cannot be recorded; hand it off with record, media anchor or media rtpengine",
            RecordingChange.Start when _pausedBy != PausedBy.Nobody => "action: the recording is paused; resume it",
            RecordingChange.Resume when _pausedBy != PausedBy.Nobody => null,
            not RecordingChange.Start when !isMade => "action: the call is not recorded; start that first",
            _ => null,
        };
    }

    /// <summary>A pause begins before it is recorded, as what comes meanwhile must not be heard; what is to be deleted is only once that is recorded.</summary>
    private void ChangeRecording(TakenCommand command, CallEvent[] events)
    {
        var record = command.Record;
        bool wasPaused = _pausedBy != PausedBy.Nobody;
        switch (record.Recording)
        {
            case RecordingChange.Start:
                _ = IsRecordedOutside ? TrySend() || IsSentOnceHeard() : TryFeed();
                break;
            case RecordingChange.Pause:
                PauseRecording(true);
                _pausedBy = PausedBy.Command;
                break;
            case RecordingChange.Resume:
                PauseRecording(false);
                _pausedBy = PausedBy.Nobody;
                break;
            default:
                GiveUpRecording(record);
                wasPaused = false;
                break;
        }
        Withhold();
        bool isPaused = _pausedBy != PausedBy.Nobody;
        Stream.Append(new CommandEntry(this, command, isPaused == wasPaused ? events : [.. events, Stream.Stamp(record.EventId, new RecordingPaused { Paused = isPaused, By = record.By })]));
    }

    /// <summary>That a recording is to be deleted is recorded: now it is.</summary>
    private void OnDiscardRecorded(CommandTaken command)
    {
        if (_discards?.Find(discard => discard.Command == command) is { } discard)
            _ = discard.Run();
    }

    private void GiveUpRecording(CommandTaken command)
    {
        if (HeardOf(Session) is { } kept && Bridge is { } bridge && HeardOf(bridge.Peer.Session) is { } peer)
            Feed(kept, peer, null);
        _recording!.Pause();
        (_discards ??= []).Add(new Discard(this, _recording, command));
        _recording = null;
        _pausedBy = PausedBy.Nobody;
        _isDiscarded = true;
        HearNoMore();
    }

    private void OnDiscarded(Discard discard, FinishedRecording finished)
    {
        if (_isEndSaid || !_discards!.Remove(discard))
            return;
        if (finished.WhyFailed is not null)
            SayFailed(discard.Command.EventId, finished);
        else
            Stream.Append(discard.Command.EventId, new RecordingDiscarded { DurationMs = (long)finished.Duration.TotalMilliseconds, By = discard.Command.By });
    }

    private void SayUndeleted()
    {
        foreach (var discard in _discards ?? [])
            Stream.Append(discard.Command.EventId, new RecordingFailed { Why = $"it was to be deleted, and was not within {StoreWithinMs} ms of the end of the call" });
    }

    /// <summary>Whom the call is connected to now is not to be recorded, or is again: only a command ends the pause of another one.</summary>
    private void PauseFor(Handoff step)
    {
        bool isPaused = step.Record == false;
        if (_pausedBy != (isPaused ? PausedBy.Nobody : PausedBy.Handoff))
            return;
        PauseRecording(isPaused);
        _pausedBy = isPaused ? PausedBy.Handoff : PausedBy.Nobody;
        Stream.Append(Stream.Last, new RecordingPaused { Paused = isPaused, HandoffId = _run?.Request.HandoffId });
    }

    /// <summary>Says whether digits are withheld from now on.</summary>
    private void Withhold()
    {
        bool isWithheld = _pausedBy != PausedBy.Nobody || (_isUnrecorded && _recording is null);
        if (_isWithheld && !isWithheld)
            _withheldUntil = Shard.Agent.Now;
        _isWithheld = isWithheld;
    }

    /// <summary>Whether a digit that is told of now is withheld; one that was pressed before it no longer is, too.</summary>
    private bool IsWithheld(int? durationMs) => _isWithheld || Shard.Agent.Now - (durationMs ?? 0) < _withheldUntil;

    private enum PausedBy
    {
        Nobody,
        Handoff,
        Command,
    }

    private sealed class Discard(Call call, MediaRecording recording, CommandTaken command)
    {
        private Task? _done;

        public CommandTaken Command { get; } = command;

        public Task Run() => _done ??= RunAsync();

        private async Task RunAsync()
        {
            recording.Discard();
            var finished = await recording.StopAsync().ConfigureAwait(false);
            call.Shard.Post(new DiscardDone(call, this, finished));
        }
    }

    private sealed class DiscardDone(Call call, Discard discard, FinishedRecording finished) : CallWork
    {
        protected override Call Find() => call;

        protected override void Do(Call call) => call.OnDiscarded(discard, finished);
    }
}
