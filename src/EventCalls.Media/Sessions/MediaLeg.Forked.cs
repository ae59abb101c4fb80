namespace EventCalls.Media.Sessions;

/// <content>A leg that gets a copy of what somebody else's peer says, from an engine that moves the media.</content>
public sealed partial class MediaLeg
{
    /// <summary>Answers an engine's offer of a copy with our port for its first audio; null where it has no audio, or no port is free. Nothing but that is taken.</summary>
    /// <param name="offer">What the engine offers.</param>
    public byte[]? TakeCopy(ReadOnlySpan<byte> offer)
    {
        var leg = _leg;
        _relay.Thread.Post(() => leg.IsCopy = true);
        Heard(offer);
        byte[] answer = Told(CopyAnswer.To(offer));
        return AudioStream is null ? null : answer;
    }

    /// <summary>Whose copy it is has described its session, or was told one: packets have the numbers of either.</summary>
    /// <param name="description">The description.</param>
    public void Number(ReadOnlySpan<byte> description)
    {
        if (!_isClosed && AudioIndex is >= 0 and var index && DescribedStream.ReadAll(description).Find(static s => s is { IsAudio: true, Port: > 0 }) is { } audio)
            Describe(index, audio.Formats);
    }
}
