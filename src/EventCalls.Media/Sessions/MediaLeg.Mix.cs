using EventCalls.Media.Monitoring;

namespace EventCalls.Media.Sessions;

/// <content>What the peer hears where that is several voices at once, and how loud it is itself.</content>
public sealed partial class MediaLeg
{
    private MixSource? _mix;
    private IReadOnlyList<MediaLeg> _voices = [];
    private LevelMeter? _meter;

    /// <summary>Lets the peer hear the peers of other legs of the same relay together, instead of whom it is connected to; none of them for whom it is connected to again.</summary>
    /// <remarks>Digits of whom it is connected to go on. Where it and the peer have no codec in common the peer hears nothing.</remarks>
    public void HearMix(params IReadOnlyList<MediaLeg> voices)
    {
        if (_isClosed || (_mix is not null && voices.SequenceEqual(_voices)))
            return;
        if (voices.Count == 0)
        {
            if (_mix is not null)
                Play((Sound?)null);
            return;
        }
        DropMix();
        _voices = voices;
        var mix = _mix = new MixSource([.. voices.Select(static voice => new MixInput(voice._leg))]);
        _relay.Thread.Post(mix.Open);
        Play(mix);
    }

    /// <summary>How loud the peer has been since this was last asked, 0–1 of the loudest; measured only from the first time that it is asked until <see cref="StopLevel"/>.</summary>
    public double TakeLevel()
    {
        if (_meter is null && !_isClosed)
        {
            var (leg, meter) = (_leg, _meter = new LevelMeter());
            _relay.Thread.Post(() => leg.Add(meter));
        }
        return (_meter?.Take() ?? 0) / 32768.0;
    }

    /// <summary>Nobody looks at its level any more.</summary>
    public void StopLevel()
    {
        if (_meter is not { } meter)
            return;
        var leg = _leg;
        _meter = null;
        _relay.Thread.Post(() => leg.Remove(meter));
    }

    private void DropMix()
    {
        if (_mix is not { } mix)
            return;
        (_mix, _voices) = (null, []);
        _relay.Thread.Post(mix.Close);
    }
}
