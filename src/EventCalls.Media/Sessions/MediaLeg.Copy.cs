using EventCalls.Media.Monitoring;

namespace EventCalls.Media.Sessions;

/// <content>Who gets what the peer says besides, as it came.</content>
public sealed partial class MediaLeg
{
    private StreamCopy? _copy;

    /// <summary>The formats of the peer's audio as lines for a session description: those of the m-line, and what describes them.</summary>
    public (string Formats, string Lines) AudioFormats
    {
        get
        {
            if (AudioIndex is not (>= 0 and var index))
                return ("0 8", "");
            var formats = _described[index].Formats;
            return (string.Join(' ', formats.Select(f => f.Type)), string.Concat(formats.Select(f =>
                $"a=rtpmap:{f.Type} {f.Format.Name}/{f.Format.ClockRate}{(f.Format.Codec is { Channels: > 1 and var channels } ? $"/{channels}" : "")}\r\n{(f.Format.IsEvents ? $"a=fmtp:{f.Type} 0-15\r\n" : "")}")));
        }
    }

    /// <summary>Sends what the peer says to a stream of another leg of the same relay, too, instead of where it was sent before; null for nowhere.</summary>
    /// <param name="to">The leg.</param>
    /// <param name="stream">Which of its m-lines, from 0.</param>
    public void CopyTo(MediaLeg? to, int stream)
    {
        var (leg, before, now) = (_leg, _copy, _copy = to is null || _isClosed ? null : new StreamCopy(to._leg, stream));
        _relay.Thread.Post(() =>
        {
            if (before is not null)
                leg.Remove(before);
            if (now is not null)
                leg.Add(now);
        });
    }
}
