namespace EventCalls.Bus.Journal;

/// <summary>Who has taken a batch.</summary>
public enum Taker
{
    /// <summary>The bus, or what stands for it in this process: what others act on is published over it.</summary>
    Bus,

    /// <summary>The spool, because the broker is away: this process acts on it, and the broker gets it when it is back.</summary>
    Spool,
}
