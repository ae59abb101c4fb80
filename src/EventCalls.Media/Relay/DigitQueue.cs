using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>Digits that are to be said in one stream, one after the other with a pause between (RFC 4733 §2.5.1). On the relay's thread.</summary>
internal sealed class DigitQueue
{
    // So many, and the rest of somebody who presses faster than digits can be said is left out.
    private const int Most = 64;

    // Two digits are two only with something between them (Q.24 asks for 40 ms).
    private const int PauseFrames = 4;

    private readonly Queue<(byte Code, int Milliseconds)> _waiting = new();
    private TelephoneEventWriter? _said;
    private int _pause;

    /// <summary>Whether anything is left to do.</summary>
    public bool IsBusy => _said is not null || _waiting.Count > 0 || _pause > 0;

    /// <summary>Whether a digit is being said, and audio gives way to it.</summary>
    public bool IsSaying => _said is not null;

    /// <summary>Adds a digit.</summary>
    public void Add(byte code, int milliseconds)
    {
        if (_waiting.Count < Most)
            _waiting.Enqueue((code, milliseconds));
    }

    /// <summary>Every 20 ms: whether a digit begins now; then <see cref="Say"/> begins it.</summary>
    public bool IsDue()
    {
        if (_pause > 0)
            _pause--;
        return _said is null && _pause == 0 && _waiting.Count > 0;
    }

    /// <summary>Begins the next digit.</summary>
    public void Say(int clockRate, int payloadType, uint ssrc, uint timestamp)
    {
        var (code, milliseconds) = _waiting.Dequeue();
        _said = new TelephoneEventWriter(code, milliseconds, clockRate, payloadType, ssrc, timestamp);
    }

    /// <summary>Forgets what waits: there is no way to say it.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _said = null;
    }

    /// <summary>Writes the next packet of the digit that is said.</summary>
    public int Next(Span<byte> packet, ushort sequence)
    {
        int length = _said!.Next(packet, sequence);
        if (!_said.IsDone)
            return length;
        _said = null;
        _pause = PauseFrames;
        return length;
    }
}
