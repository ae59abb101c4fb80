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

    /// <summary>The two who are connected are recorded, where that is asked for, or has begun before.</summary>
    private void Record(Trunk? target)
    {
        if (Shard.Recorder is not { } recorder || Session.Media is not { } kept || Bridge?.Peer.Session.Media is not { } peer)
            return;
        if (_recording is null && !Trunk.Record && target?.Record != true)
            return;
        _recording ??= recorder.Begin(Id.ToString(), Started.OccurredAt, Started.CallerNumber, Started.CalleeNumber, Trunk.Name, _selected?.Flow ?? "");
        bool isCallerKept = Kept.Name == CallerName;
        kept.Record(_recording, isLeft: isCallerKept);
        peer.Record(_recording, isLeft: !isCallerKept);
    }

    private void FinishRecording(CallEnding ending)
    {
        var wait = new RecordingWait(this, ending);
        wait.Start(StoreWithinMs);
        _ = TellWhenStoredAsync(_recording!, wait);
    }

    private async Task TellWhenStoredAsync(MediaRecording recording, RecordingWait wait)
    {
        var finished = await recording.StopAsync().ConfigureAwait(false);
        Shard.Post(new RecordingDone(wait, finished));
    }

    private void OnRecorded(CallEnding ending, FinishedRecording? finished)
    {
        if (_recording is null)
            return;
        _recording = null;
        Guarded((call, _) => call.SayRecording(finished), ending);
        Guarded(static (call, ending) => call.RecordEnd(ending), ending);
        Shard.Calls.Remove(this);
    }

    private void SayRecording(FinishedRecording? finished)
    {
        if (finished is null)
            Stream.Append(Stream.Last, new RecordingFailed { Why = $"it was not stored within {StoreWithinMs} ms of the end of the call" });
        else if (finished.WhyFailed is { } why)
            Stream.Append(Stream.Last, new RecordingFailed { Why = why, Location = finished.Location, DurationMs = (long)finished.Duration.TotalMilliseconds, StartedAt = finished.StartedAt });
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

    private sealed class RecordingWait(Call call, CallEnding ending) : CallTimer(call)
    {
        public void Done(FinishedRecording finished)
        {
            Stop();
            Call.OnRecorded(ending, finished);
        }

        protected override void Fire() => Call.OnRecorded(ending, null);
    }

    private sealed class RecordingDone(RecordingWait wait, FinishedRecording finished) : ShardWork
    {
        protected override void Run() => wait.Done(finished);
    }
}
