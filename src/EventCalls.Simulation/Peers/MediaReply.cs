namespace EventCalls.Simulation.Peers;

/// <summary>What a caller who is answered already does when it is offered a target's session.</summary>
internal enum MediaReply
{
    /// <summary>It takes it.</summary>
    Take,

    /// <summary>It refuses it.</summary>
    Refuse,

    /// <summary>It says nothing.</summary>
    Ignore,
}
