using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <content>The way of what the two say through this node, as long as somebody here speaks to them, or digits of theirs are turned into what the other takes.</content>
internal sealed partial class EnginePair
{
    private EngineHairpin? _hairpin;

    /// <summary>By what a side hears what is said to it here; null where it hears the other one from their engine alone.</summary>
    public MediaLeg? EndTo(LegSession side) => _hairpin is not { IsResting: false } hairpin ? null : side == First ? hairpin.ToFirst : hairpin.ToSecond;

    /// <summary>Whether one of the two takes digits in INFO alone, and the other one in its audio.</summary>
    public bool ConvertsDigits => IsOfInfo(First, Second) || IsOfInfo(Second, First);

    /// <summary>A digit was pressed in the audio of a side that is led here; where all that it says is copied, too, the copy has told of it.</summary>
    public void OnPressed(LegSession side, char digit, int milliseconds) => Post(call =>
    {
        if (!IsHeard)
            call.OnPressed(side, digit, milliseconds);
    });

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

    private static bool IsOfInfo(LegSession one, LegSession other) => one.TakesInfo && TakesDigits(one) == false && TakesDigits(other) == true;

    private static bool? TakesDigits(LegSession side) => side.Described is { } described && SessionText.Is(described) ? RtpengineSession.TakesDigits(described.Body.Span) : null;

    private bool EndHairpin() => Interlocked.Exchange(ref _hairpin, null)?.End() == true;
}
