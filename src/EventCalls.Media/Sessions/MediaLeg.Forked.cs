namespace EventCalls.Media.Sessions;

/// <content>A leg whose peer is an engine that moves somebody else's media: what its side says comes here, or a copy of it.</content>
public sealed partial class MediaLeg
{
    /// <summary>Answers an engine's offer of a copy with our port for its first audio; null where it has no audio, or no port is free. Nothing but that is taken.</summary>
    /// <param name="offer">What the engine offers.</param>
    public byte[]? TakeCopy(ReadOnlySpan<byte> offer)
    {
        var leg = _leg;
        _relay.Thread.Post(() => leg.IsCopy = true);
        return Take(offer, CopyAnswer.To(offer));
    }

    /// <summary>Answers an engine's offer with our ports, as somebody else has answered it; null where it has no audio, or no port is free.</summary>
    /// <param name="offer">What the engine offers.</param>
    /// <param name="answer">What its side was told.</param>
    public byte[]? Take(ReadOnlySpan<byte> offer, ReadOnlySpan<byte> answer)
    {
        Heard(offer);
        byte[] told = Told(answer);
        return AudioStream is null ? null : told;
    }

    /// <summary>Whose copy it is has described its session, or was told one: packets have the numbers of either.</summary>
    /// <param name="description">The description.</param>
    public void Number(ReadOnlySpan<byte> description)
    {
        if (!_isClosed && AudioIndex is >= 0 and var index && DescribedStream.ReadAll(description).Find(static s => s is { IsAudio: true, Port: > 0 }) is { } audio)
            Describe(index, audio.Formats);
    }
}
