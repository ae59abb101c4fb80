using EventCalls.Media.Audio;
using EventCalls.Media.Relay;

namespace EventCalls.Media.Monitoring;

/// <summary>One voice of a mix, and how far that has heard it. For the relay's thread.</summary>
internal sealed class MixInput(RelayLeg leg)
{
    private MixVoice? _voice;
    private long _frame;

    /// <summary>Begins to hear it.</summary>
    public void Open() => _voice ??= MixVoice.Join(leg, out _frame);

    /// <summary>Hears it no more.</summary>
    public void Close()
    {
        _voice?.Leave(leg);
        _voice = null;
    }

    /// <summary>Adds the next 20 ms to what others say.</summary>
    public void AddTo(Span<int> sums)
    {
        if (_voice is { } voice)
            Samples.Add(sums, voice.Next(ref _frame));
    }
}
