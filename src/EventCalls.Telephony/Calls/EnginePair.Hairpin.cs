using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <content>The way of what the two say through this node, as long as somebody here speaks to them.</content>
internal sealed partial class EnginePair
{
    private EngineHairpin? _hairpin;

    /// <summary>By what a side hears what is said to it here; null where it hears the other one from their engine alone.</summary>
    public MediaLeg? EndTo(LegSession side) => _hairpin is not { IsResting: false } hairpin ? null : side == First ? hairpin.ToFirst : hairpin.ToSecond;

    /// <summary>Has what the two say come through this node; does nothing where it does, or cannot.</summary>
    public void LeadHere()
    {
        if (_hairpin is not null || _isClosed || _call.Shard.Media is not { } relay || _engine.Here is not { } here)
            return;
        _hairpin = new EngineHairpin(_call, this, _engine, relay, here);
        _hairpin.Lead();
    }

    /// <summary>Has them hear each other from their engine alone.</summary>
    public void LeadPast()
    {
        if (EndHairpin())
            Restore(First);
    }

    /// <summary>The engine does not lead them here.</summary>
    public void OnNotLed(string whyNot)
    {
        LeadPast();
        _call.OnNotLed(this, whyNot);
    }

    private bool EndHairpin() => Interlocked.Exchange(ref _hairpin, null)?.End() == true;
}
