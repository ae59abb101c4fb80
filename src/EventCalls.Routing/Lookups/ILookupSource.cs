namespace EventCalls.Routing.Lookups;

/// <summary>Where <c>conv.Lookup</c> gets its answers: tables in memory, or the answers recorded with a past call.</summary>
public interface ILookupSource
{
    /// <summary>Answers at once, without waiting on anything. Safe from any thread.</summary>
    /// <param name="name">The table, or <c>table.column</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The answer; null when the table has no such key.</param>
    /// <returns>False when the question cannot be answered: there is no such table, or it was never asked when the call was recorded.</returns>
    bool TryFind(string name, string key, out string? value);

    /// <summary>Whether it is known that there is no such table, so that the refusal is the answer; false when it is only not known what the answer was.</summary>
    bool Refuses(string name, string key) => false;

    /// <summary>Whether there is an answer that has to be fetched first.</summary>
    bool Awaits(string name, string key) => false;

    /// <summary>Why <see cref="TryFind"/> gave false, and what to do.</summary>
    string Refusal(string name, string key);
}
