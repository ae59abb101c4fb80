namespace EventCalls.Routing.Lookups;

/// <summary>What operators set, among the look-ups: <c>config:NAME</c>, asked with an empty key, so that what it was is recorded as an answer is.</summary>
public static class ValueNames
{
    /// <summary>No table can be named so. Alone it says that the values are known, so that a name without one has none.</summary>
    public const string Prefix = "config:";

    /// <summary>Why a value is not known.</summary>
    public const string Refusal = "What operators have set is not known here: this router has read no store yet (with Routing:LogicFrom 'store', every router does).";

    /// <summary>Whether a look-up asks for a value.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Prefix, StringComparison.Ordinal);
    }
}
