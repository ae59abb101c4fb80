namespace EventCalls.Bus;

/// <summary>What becomes of calls while the broker is away.</summary>
public enum BusAwayMode
{
    /// <summary>they are decided and carried out here, and their events wait in the spool</summary>
    Decide,

    /// <summary>each waits for a decision until its deadline, and gets the default</summary>
    Default,
}
