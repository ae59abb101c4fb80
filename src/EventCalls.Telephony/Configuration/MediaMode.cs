namespace EventCalls.Telephony.Configuration;

/// <summary>Where media goes.</summary>
public enum MediaMode : byte
{
    /// <summary>From the one party to the other: session descriptions are passed on as they are.</summary>
    Direct,

    /// <summary>Through this node.</summary>
    Anchor,

    /// <summary>Through an rtpengine of <c>Media:Rtpengine</c>.</summary>
    Rtpengine,
}
