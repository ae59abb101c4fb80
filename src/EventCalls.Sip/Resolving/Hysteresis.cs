namespace EventCalls.Sip.Resolving;

/// <summary>Whether something is up, of what is seen of it again and again: one sight alone changes nothing. It begins as up.</summary>
public sealed class Hysteresis
{
    /// <summary>How many sights in a row it takes.</summary>
    public const int Sights = 2;

    private int _against;

    /// <summary>Whether it is down.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Takes what was seen; whether that changes it.</summary>
    public bool See(bool isWell)
    {
        _against = isWell == IsDown ? _against + 1 : 0;
        if (_against < Sights)
            return false;
        _against = 0;
        IsDown = !IsDown;
        return true;
    }
}
