using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <content>What the engine sends here of what the two say, and what it plays to them.</content>
internal sealed partial class EnginePair
{
    private readonly EngineSound?[] _sounds = new EngineSound?[2];
    private EngineCopy[] _copies = [];

    /// <summary>Has the engine play something to a side, from its beginning; null for nothing any more.</summary>
    public void Play(LegSession to, Sound? sound)
    {
        int side = to == First ? 0 : 1;
        _sounds[side]?.End(isReplaced: sound is not null);
        _sounds[side] = null;
        if (sound is null || _isClosed)
            return;
        (_sounds[side] = new EngineSound(_engine, side == 0, whyNot => Post(call => call.OnNotPlayed(whyNot)))).Begin(sound);
    }

    /// <summary>Lets nobody hear what a side says; or everybody again.</summary>
    public void Block(LegSession side, bool isBlocked)
    {
        if (!_isClosed)
            _ = _engine.BlockAsync(side == First, isBlocked);
    }

    /// <summary>Whether what both say comes here by now.</summary>
    public bool IsHeard => _copies.Length > 0 && Array.TrueForAll(_copies, static copy => copy.IsSent);

    /// <summary>What comes here of what a side says; null where nothing is to.</summary>
    public MediaLeg? Heard(LegSession session) => Array.Find(_copies, copy => copy.Side == session)?.Media;

    /// <summary>Has what both say sent here, too; false where no media can come here.</summary>
    public bool Hear()
    {
        if (_copies.Length > 0)
            return true;
        if (_isClosed || _call.Shard.Media is not { } relay || _engine.Here is not { } here)
            return false;
        var first = new EngineCopy(this, _engine, First, true, relay, here);
        _copies = IsOfOne ? [first] : [first, new EngineCopy(this, _engine, Second, false, relay, here)];
        return true;
    }

    /// <summary>Nobody here needs to hear them any more.</summary>
    public void EndCopies() => EndCopies(false);

    /// <summary>The engine sends a copy, or does not and why.</summary>
    public void OnCopied(string? whyNot)
    {
        if (whyNot is not null)
        {
            EndCopies();
            _call.OnNotHeard(this, whyNot);
        }
        else if (IsHeard)
        {
            _call.OnHeard(this);
        }
    }

    private void EndCopies(bool isSessionOver)
    {
        var copies = _copies;
        _copies = [];
        foreach (var copy in copies)
            copy.End(isSessionOver);
    }

    private void NumberCopies()
    {
        foreach (var copy in _copies)
            copy.Number();
    }

    private void EndSounds()
    {
        foreach (var sound in _sounds)
            sound?.End(isReplaced: true);
    }
}
