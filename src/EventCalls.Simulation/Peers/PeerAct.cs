namespace EventCalls.Simulation.Peers;

/// <summary>What a virtual peer does.</summary>
internal enum PeerAct
{
    /// <summary>Answers the INVITE or REFER with a status.</summary>
    Respond,

    /// <summary>Reports how far a REFER has come.</summary>
    Notify,

    /// <summary>Hangs up.</summary>
    HangUp,
}
