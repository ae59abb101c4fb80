namespace EventCalls.Host.Composition;

/// <summary>What a stop left behind.</summary>
/// <param name="Owed">Events that the store does not have yet and the spool keeps.</param>
/// <param name="Lost">Events that neither the bus nor the spool took before the limit.</param>
/// <param name="Spool">The spool's folder; null where a broker is the recorder's queue.</param>
internal sealed record StopReport(long Owed, long Lost, string? Spool)
{
    /// <summary>To whom the spool's events are owed.</summary>
    public string To { get; init; } = "store";

    /// <summary>Everything is stored, or on the broker.</summary>
    public bool IsClean => Owed == 0 && Lost == 0;

    /// <summary>For people, one line.</summary>
    public override string ToString()
    {
        var parts = new List<string>(2);
        if (Owed > 0)
            parts.Add($"{Owed} events are owed to the {To}; they are kept in {Spool} and read back at the next start");
        if (Lost > 0)
            parts.Add($"{Lost} events are lost: {(Spool is null ? "the bus did not confirm them" : $"neither the {To} nor {Spool} took them")} before the stop's limit");
        return parts.Count == 0 ? "everything is stored" : string.Join("; ", parts);
    }
}
