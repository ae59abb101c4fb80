using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>A call that is sent to a recorder outside: to the first one that takes it, and to the next when that one is gone.</summary>
internal sealed class SiprecSession
{
    private readonly Call _call;
    private readonly Queue<InviteTarget> _left;
    private readonly MediaLeg?[] _sides = new MediaLeg?[2];
    private (string, string)[] _formats = [("0 8", ""), ("0 8", "")];
    private SiprecLeg? _leg;
    private string _whyLast = "";
    private bool _isPaused;
    private bool _isOver;

    public SiprecSession(Call call)
    {
        _call = call;
        _left = new Queue<InviteTarget>(call.Shard.Recorders);
        Metadata = new SiprecMetadata(Guid.CreateVersion7(), call.Shard.Time.GetUtcNow(), call.Started.SipCallId);
    }

    /// <summary>What the recorder is told of the call.</summary>
    public SiprecMetadata Metadata { get; }

    /// <summary>Begins to send, or tells the recorder that somebody else talks now.</summary>
    public void Send(CallSide caller, MediaLeg callerMedia, CallSide target, MediaLeg targetMedia)
    {
        if (_isOver)
            return;
        Stop();
        var now = _call.Shard.Time.GetUtcNow();
        Metadata.Join(0, AddressOf(caller), _call.Identity.Display, now);
        Metadata.Join(1, AddressOf(target), null, now);
        (_sides[0], _sides[1]) = (callerMedia, targetMedia);
        _formats = [callerMedia.AudioFormats, targetMedia.AudioFormats];
        if (_leg is null)
        {
            CallNext();
            return;
        }
        _leg.Update();
        Copy();
    }

    /// <summary>One of the two has another session: the recorder is told where that has other formats.</summary>
    public void Refresh()
    {
        if (_isOver || _sides[0] is not { } caller || _sides[1] is not { } target)
            return;
        (string, string)[] formats = [caller.AudioFormats, target.AudioFormats];
        if (_formats.SequenceEqual(formats))
            return;
        _formats = formats;
        _leg?.Update();
    }

    /// <summary>Sends nothing for a while, or goes on.</summary>
    public void Pause(bool isPaused)
    {
        _isPaused = isPaused;
        if (isPaused)
            Stop();
        else
            Copy();
    }

    /// <summary>The call is over.</summary>
    public void End()
    {
        if (_isOver)
            return;
        _isOver = true;
        Stop();
        bool wasSent = _leg is { ConnectedAt: > 0 };
        _leg?.End(MonitorEndCause.CallEnded, null);
        if (!wasSent)
            Fail("no recorder had taken it when the call ended");
    }

    /// <summary>The formats of a stream, as lines of a description.</summary>
    public (string Formats, string Lines) FormatsOf(int stream) => _formats[stream];

    /// <summary>A recorder has taken it.</summary>
    public void OnConnected(SiprecLeg leg)
    {
        if (leg == _leg)
            Copy();
    }

    /// <summary>A recorder is gone, or did not take it.</summary>
    public void OnOver(SiprecLeg leg, string why)
    {
        if (leg != _leg)
            return;
        Stop();
        _leg = null;
        if (leg.ConnectedAt > 0)
        {
            _call.Stream.Append(_call.Stream.Last, new RecordingStreamed
            {
                Recorder = leg.RequestUri,
                SessionId = Metadata.SessionId,
                DurationMs = _call.Shard.Agent.Now - leg.ConnectedAt,
                StartedAt = leg.StartedAt,
            });
        }
        if (_isOver)
            return;
        _whyLast += $"{(_whyLast.Length > 0 ? "; " : "")}{leg.RequestUri}: {why}";
        CallNext();
    }

    private void CallNext()
    {
        if (!_left.TryDequeue(out var target))
        {
            _isOver = true;
            Fail(_whyLast);
            return;
        }
        (_leg = new SiprecLeg(_call, target, this)).Dial();
    }

    private void Fail(string why) => _call.Stream.Append(_call.Stream.Last, new RecordingFailed { Why = $"it could not be sent to a recorder (Media:Siprec): {CustomHeaders.Shown(why)}" });

    private void Copy()
    {
        if (_isPaused || _leg is not { IsConnected: true, Session.Media: { } recorder })
            return;
        for (int i = 0; i < _sides.Length; i++)
            _sides[i]?.CopyTo(recorder, i);
    }

    private void Stop()
    {
        foreach (var side in _sides)
            side?.CopyTo(null, 0);
    }

    private static string AddressOf(CallSide side)
    {
        string uri = side.Uri;
        int end = uri.AsSpan().IndexOfAny(';', '?', '>');
        uri = uri[(uri.LastIndexOf('<') + 1)..(end < 0 ? uri.Length : end)];
        return uri.Contains(':', StringComparison.Ordinal) ? uri : TargetAddress.TryNumber(uri, out string number) ? $"tel:{number}" : "sip:anonymous@anonymous.invalid";
    }
}
