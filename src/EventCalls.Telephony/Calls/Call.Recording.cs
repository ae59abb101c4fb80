using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <content>The recording: one of a call, from when it is first connected until its end, whoever it is connected to.</content>
internal sealed partial class Call
{
    // A disk that takes longer is said to have failed, so that the call's end is not held up.
    private const int StoreWithinMs = 5000;

    private MediaRecording? _recording;
    private bool _isEndSaid;

    /// <summary>The two who are connected are recorded, where that is asked for, or has begun before.</summary>
    private void Record(Trunk? target, Handoff step)
    {
        _isUnrecorded = step.Record == false;
        if (IsRecordedOutside)
        {
            RecordOutside(target, step);
        }
        else if (Shard.Recorder is not null && (_recording is not null || IsToBeRecorded(target, step)))
        {
            if (TryFeed())
                PauseFor(step);
            else
                Stream.Append(Stream.Last, new RecordingFailed { Why = "the media does not go through the node" });
        }
        Withhold();
    }

    private bool IsToBeRecorded(Trunk? target, Handoff step) => step.Record ?? (!_isDiscarded && (Trunk.Record || target?.Record == true));

    /// <summary>Has both who are connected recorded, from now on where nothing is yet; false when their media does not go through here.</summary>
    private bool TryFeed()
    {
        if (Shard.Recorder is not { } recorder || !Hear() || HeardOf(Session) is not { } kept || HeardOf(Bridge!.Peer.Session) is not { } peer)
            return false;
        bool begins = _recording is null;
        _recording ??= recorder.Begin(Id.ToString(), Started.OccurredAt, Started.CallerNumber, Started.CalleeNumber, Trunk.Name, _selected?.Flow ?? "");
        Feed(kept, peer, _recording);
        if (begins)
            Watch(_recording);
        if (begins && ConnectedPair is not null)
            _isToBeAnnounced = true;
        else if (begins)
            AnnounceRecording();
        return true;
    }

    private void Watch(MediaRecording recording)
    {
        // One that failed, and was to be paused when it did, is as paused in what follows it.
        if (_pausedBy != PausedBy.Nobody)
            recording.Pause();
        _ = WatchAsync(recording);
    }

    private async Task WatchAsync(MediaRecording recording)
    {
        var finished = await recording.CompletedAsync().ConfigureAwait(false);
        if (finished.WhyFailed is not null)
            Shard.Post(new RecordingBroken(this, recording, finished));
    }

    /// <summary>A recording has failed while the call goes on: that is said at once, and another one may be begun.</summary>
    private void OnRecordingFailed(MediaRecording recording, FinishedRecording failed)
    {
        if (IsEnding || _recording != recording)
            return;
        if (Bridge is { } bridge && HeardOf(Session) is { } kept && HeardOf(bridge.Peer.Session) is { } peer)
            Feed(kept, peer, null);
        _recording = null;
        SayFailed(Stream.Last, failed);
        Withhold();
        HearNoMore();
    }

    private MediaLeg? HeardOf(LegSession session) => session.Media ?? ConnectedPair?.Heard(session);

    private void Feed(MediaLeg kept, MediaLeg peer, MediaRecording? recording)
    {
        bool isCallerKept = Kept.Name == CallerName;
        kept.Record(recording, isLeft: isCallerKept);
        peer.Record(recording, isLeft: !isCallerKept);
    }

    /// <summary>The call is over: what is recorded is stored, and what is to be deleted is, before the end is said.</summary>
    private void FinishRecording(CallEnding ending)
    {
        var wait = new RecordingWait(this, ending);
        wait.Start(StoreWithinMs);
        _ = TellWhenStoredAsync(_recording, [.. (_discards ?? []).Select(discard => discard.Run()), .. _counting ?? []], wait);
    }

    private async Task TellWhenStoredAsync(MediaRecording? recording, Task[] discards, RecordingWait wait)
    {
        var finished = recording is null ? null : await recording.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(discards).ConfigureAwait(false);
        Shard.Post(new RecordingDone(wait, finished));
    }

    private void OnRecorded(CallEnding ending, FinishedRecording? finished)
    {
        if (_isEndSaid)
            return;
        Guarded(static (call, _) => call.SayAllCounts(), ending);
        _isEndSaid = true;
        if (_recording is not null)
            Guarded((call, _) => call.SayRecording(finished), ending);
        Guarded(static (call, _) => call.SayUndeleted(), ending);
        Guarded(static (call, ending) => call.RecordEnd(ending), ending);
        Shard.Calls.Remove(this);
    }

    private void SayRecording(FinishedRecording? finished)
    {
        if (finished is null)
            Stream.Append(Stream.Last, new RecordingFailed { Why = $"it was not stored within {StoreWithinMs} ms of the end of the call" });
        else if (finished.WhyFailed is not null)
            SayFailed(Stream.Last, finished);
        else if (finished.Location is { } location)
            Stream.Append(Stream.Last, new RecordingStored
            {
                Location = location,
                DurationMs = (long)finished.Duration.TotalMilliseconds,
                Bytes = finished.Bytes,
                PausedMs = (long)finished.Paused.TotalMilliseconds,
                Dropped = finished.Dropped,
                StartedAt = finished.StartedAt,
            });
    }

    private void SayFailed(Guid cause, FinishedRecording failed) =>
        Stream.Append(cause, new RecordingFailed { Why = failed.WhyFailed!, Location = failed.Location, DurationMs = (long)failed.Duration.TotalMilliseconds, StartedAt = failed.StartedAt });

    private sealed class RecordingWait(Call call, CallEnding ending) : CallTimer(call)
    {
        public void Done(FinishedRecording? finished)
        {
            Stop();
            Call.OnRecorded(ending, finished);
        }

        protected override void Fire() => Call.OnRecorded(ending, null);
    }

    private sealed class RecordingDone(RecordingWait wait, FinishedRecording? finished) : ShardWork
    {
        protected override void Run() => wait.Done(finished);
    }

    private sealed class RecordingBroken(Call call, MediaRecording recording, FinishedRecording failed) : CallWork
    {
        protected override Call? Find() => call.IsOver ? null : call;

        protected override void Do(Call call) => call.OnRecordingFailed(recording, failed);
    }
}
