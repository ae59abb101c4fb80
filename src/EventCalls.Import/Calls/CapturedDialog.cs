namespace EventCalls.Import.Calls;

/// <summary>Everything of one Call-ID and one calling side: its INVITE at every hop where it was seen, and what came in the dialog.</summary>
internal sealed class CapturedDialog(string callId, string callerTag)
{
    private const int MostLegs = 64;
    private const int MostRefers = 20;

    /// <summary>The Call-ID.</summary>
    public string CallId => callId;

    /// <summary>The tag of the calling side.</summary>
    public string CallerTag => callerTag;

    /// <summary>The name of the file in which it began.</summary>
    public required string File { get; init; }

    /// <summary>The INVITE at the hops where it was seen, in that order.</summary>
    public List<CapturedLeg> Legs { get; } = [];

    /// <summary>The INVITE by which the call came to us; null for a dialog that did not.</summary>
    public CapturedLeg? Incoming { get; set; }

    /// <summary>The REFERs, in order.</summary>
    public List<CapturedRefer> Refers { get; } = [];

    /// <summary>The BYE; null while there was none.</summary>
    public CapturedBye? Bye { get; set; }

    /// <summary>The call that this dialog is a part of; null for the caller's own.</summary>
    public CapturedDialog? Call { get; set; }

    /// <summary>Whether the dialog belongs to its call, but no leg of it left from us: what a target made of it, or a call that a REFER led to.</summary>
    public bool IsDownstream { get; set; }

    /// <summary>The dialogs that are parts of this call.</summary>
    public List<CapturedDialog> Parts { get; } = [];

    /// <summary>By what it can be found while it is open.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>When something of it was last seen, UTC.</summary>
    public DateTimeOffset LastAt { get; set; }

    /// <summary>Whether it is left out, as it says nothing about a call of ours.</summary>
    public bool IsForeign { get; set; }

    /// <summary>Whether it was closed.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether room is left for a leg.</summary>
    public bool TakesLegs => Legs.Count < MostLegs;

    /// <summary>Whether room is left for a REFER.</summary>
    public bool TakesRefers => Refers.Count < MostRefers;

    /// <summary>Whether it has ended.</summary>
    public bool IsOver => Bye is not null || (Incoming ?? Legs[0]).HasFailed;

    /// <summary>Whether a target is connected to the caller now.</summary>
    public bool IsConnected(Perspective perspective) => Incoming is { } incoming
        && (Legs.Any(leg => leg != incoming && leg.AnsweredAt is not null && perspective.IsOutgoing(incoming, leg))
            || Parts.Any(part => !part.IsDownstream && part.Bye is null && part.Legs.Any(leg => leg.AnsweredAt is not null)));
}
