using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <summary>Something that an engine plays to one side of a pair.</summary>
internal sealed class EngineSound(RtpengineSession engine, bool toFirst, Action<string> failed)
{
    private volatile bool _isOver;

    /// <summary>Begins to play; what was played to the side before must have ended.</summary>
    public void Begin(Sound sound) => _ = RunAsync(sound);

    /// <summary>Ends it.</summary>
    /// <param name="isReplaced">Whether another one follows, which takes its place at the engine.</param>
    public void End(bool isReplaced)
    {
        if (_isOver)
            return;
        _isOver = true;
        if (!isReplaced)
            _ = engine.StopAsync(toFirst);
    }

    private async Task RunAsync(Sound sound)
    {
        if (await engine.PlayAsync(toFirst, sound, () => !_isOver).ConfigureAwait(false) is { } whyNot && !_isOver)
            failed(whyNot);
    }
}
