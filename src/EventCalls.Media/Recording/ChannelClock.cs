namespace EventCalls.Media.Recording;

/// <summary>
/// Says where in the recording a packet's audio belongs, in samples since its begin: by its timestamp, anchored where the stream's first packet arrived,
/// and following the sender's clock, which runs a little faster or slower than ours. Whoever begins anew is anchored anew.
/// </summary>
internal sealed class ChannelClock
{
    // Beside when it arrived: audio that would lie further ahead has another time base.
    private const int Far = 4000;
    private const int MostLateSequence = 50;
    private const int LatesOfANewBase = 5;
    private const int TimeOfLates = 800;

    // The least delayed packet of two seconds tells how the clocks stand; of the first half second, how far off the first one was.
    private const int PacketsOfABlock = 100;
    private const int PacketsOfTheFirst = 25;
    private const int PacketsBetweenSteps = 5;
    private const int Unheard = 8;
    private const int Much = 80;
    private const int HeldUp = 400;

    private bool _anchored;
    private uint _ssrc;
    private int _ticks;
    private uint _timestamp;
    private ushort _sequence;
    private long _extended;
    private long _base;
    private int _shift;
    private int _shiftBefore;
    private ushort _stepSequence;
    private int _sinceStep;
    private bool _moving;
    private int _target;
    private int _blockCount;
    private int _blockSize;
    private int _blockLeast;
    private int _lates;
    private long _latesSince;

    /// <summary>How often a stream, or a time base of one, began.</summary>
    public int Anchors { get; private set; }

    /// <summary>
    /// Places a packet that arrived at a position, of a codec with so many ticks a sample, where all before <paramref name="horizon"/> is written already;
    /// false when it is too late or here already. By <paramref name="stretch"/> samples, −2 to 2, its audio is to be made longer, so that the next one follows without a gap.
    /// </summary>
    public bool TryPlace(in RingPacket packet, int ticks, long arrival, long horizon, out long position, out int stretch)
    {
        stretch = 0;
        bool first = !_anchored || packet.Ssrc != _ssrc || ticks != _ticks;
        if (first)
            Anchor(packet, ticks, arrival);
        int ahead = (int)(packet.Timestamp - _timestamp);
        int order = (short)(packet.Sequence - _sequence);
        if (!first && order is <= 0 and > -MostLateSequence && ahead <= 0 && ahead > -Far * ticks)
        {
            int shift = (short)(packet.Sequence - _stepSequence) <= 0 ? _shiftBefore : _shift;
            position = _base + (_extended + ahead) / ticks + shift;
            return order < 0 && position + Audio.AudioFrame.Samples > horizon;
        }
        position = _base + (_extended + ahead) / ticks + _shift;
        if (position > arrival + Far || IsLate(packet, position, arrival, horizon, out bool anew) && anew)
        {
            Anchor(packet, ticks, arrival);
            position = arrival;
        }
        else if (_lates > 0)
        {
            Follow(packet);
            return false;
        }
        Follow(packet);
        Measure(arrival);
        stretch = Step(packet.Sequence);
        return true;
    }

    private bool IsLate(in RingPacket packet, long position, long arrival, long horizon, out bool anew)
    {
        anew = false;
        if (position + Audio.AudioFrame.Samples > horizon)
        {
            _lates = 0;
            return false;
        }
        if (_lates++ == 0)
            _latesSince = arrival;
        // After a stall of the network many late ones come at once, and then it is as before. One that begins to speak, or goes on being late, has another time base.
        anew = packet.Marker || _lates >= LatesOfANewBase && arrival - _latesSince >= TimeOfLates;
        return true;
    }

    private void Anchor(in RingPacket packet, int ticks, long arrival)
    {
        Anchors++;
        (_anchored, _ssrc, _ticks) = (true, packet.Ssrc, ticks);
        (_timestamp, _extended, _base, _sequence) = (packet.Timestamp, 0, arrival, packet.Sequence);
        (_shift, _shiftBefore, _target, _moving, _sinceStep) = (0, 0, 0, false, 0);
        _stepSequence = (ushort)(packet.Sequence - 1);
        (_blockCount, _blockSize, _blockLeast) = (0, PacketsOfTheFirst, int.MaxValue);
        _lates = 0;
    }

    private void Follow(in RingPacket packet)
    {
        _extended += (int)(packet.Timestamp - _timestamp);
        (_timestamp, _sequence) = (packet.Timestamp, packet.Sequence);
    }

    private void Measure(long arrival)
    {
        _blockLeast = Math.Min(_blockLeast, (int)(arrival - _base - _extended / _ticks));
        if (++_blockCount < _blockSize)
            return;
        _target = _blockLeast;
        // The first ones were held up by so much that all that follows would be too late by it: that is heard, and set right at once.
        if (_blockSize == PacketsOfTheFirst && _target < -HeldUp)
            (_shift, _shiftBefore, _stepSequence) = (_target, _shift, _sequence);
        (_blockCount, _blockSize, _blockLeast) = (0, PacketsOfABlock, int.MaxValue);
    }

    // A sample or two within 20 ms, five times a second at most of those: nobody hears it, and it is faster than any clock drifts.
    private int Step(ushort sequence)
    {
        int error = _target - _shift;
        _moving = _moving ? error != 0 : Math.Abs(error) >= Unheard;
        if (++_sinceStep < PacketsBetweenSteps || !_moving)
            return 0;
        int most = Math.Abs(error) > Much ? 2 : 1;
        int step = Math.Clamp(error, -most, most);
        _shiftBefore = _shift;
        _shift += step;
        _stepSequence = sequence;
        _sinceStep = 0;
        return step;
    }
}
