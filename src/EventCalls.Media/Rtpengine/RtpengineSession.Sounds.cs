using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <content>What the engine lets a side hear by itself.</content>
public sealed partial class RtpengineSession
{
    // A tone of a few seconds is repeated by the engine: for a week at least.
    private const int Often = 1_000_000;

    /// <summary>Lets a side hear a sound beside what the other one says, instead of what was played to it before. Completes when all of it has been sent there, or what repeats is repeated by the engine; with why it was not, null when it was.</summary>
    /// <param name="toFirst">Whether it is the first side.</param>
    /// <param name="sound">What it hears, from its beginning.</param>
    /// <param name="goesOn">Whether the next part is still wanted; asked by any thread.</param>
    public async Task<string?> PlayAsync(bool toFirst, Sound sound, Func<bool> goesOn)
    {
        // Encoding takes a moment, and nobody waits for it here.
        var parts = await Task.Run(() => sound.Parts).ConfigureAwait(false);
        bool isRepeatedThere = sound.Repeats && parts.Count == 1;
        do
        {
            foreach (var part in parts)
            {
                long begun = _engines.Time.GetTimestamp();
                if (await InTurnAsync(() => PlayAsync(toFirst, part, isRepeatedThere ? Often : 1, goesOn)).ConfigureAwait(false) is { } whyNot)
                    return whyNot;
                if (isRepeatedThere || !goesOn())
                    return null;
                var left = part.Length - _engines.Time.GetElapsedTime(begun);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left, _engines.Time).ConfigureAwait(false);
            }
        }
        while (sound.Repeats && goesOn());
        return null;
    }

    /// <summary>Plays nothing to a side any more.</summary>
    /// <param name="toFirst">Whether it is the first side.</param>
    public Task StopAsync(bool toFirst) => InTurnAsync(() => AskAsync(SideFields("stop media", toFirst)));

    /// <summary>Lets nobody hear what a side says, copies neither, its digits within the audio excepted; or everybody again.</summary>
    /// <param name="isFirst">Whether it is the first side.</param>
    /// <param name="isBlocked">Whether nobody is to hear it.</param>
    public Task BlockAsync(bool isFirst, bool isBlocked) => InTurnAsync(() => AskAsync(SideFields(isBlocked ? "block media" : "unblock media", isFirst)));

    private async Task<string?> PlayAsync(bool toFirst, SoundPart part, int times, Func<bool> goesOn)
    {
        if (!goesOn())
            return null;
        var fields = SideFields("play media", toFirst);
        fields["blob"] = NgValue.Of(part.File);
        if (times > 1)
            fields["repeat-times"] = NgValue.Of(times);
        return (await AskAsync(fields).ConfigureAwait(false)).WhyNot;
    }

    private Dictionary<string, NgValue> SideFields(string command, bool isFirst)
    {
        var fields = Fields(command);
        fields["from-tag"] = NgValue.Of((isFirst ? _first : _second).Tag);
        return fields;
    }
}
