namespace EventCalls.Routing.Lookups;

/// <summary>The handoff destinations among the look-ups: <c>handoff:NAME</c>, asked with an empty key, so that what a name stood for is recorded as an answer is.</summary>
internal static class DestinationNames
{
    /// <summary>No table can be named so: a colon separates the levels of configuration. Alone it asks for the name of the default.</summary>
    public const string Prefix = "handoff:";

    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Why there is no such destination.</summary>
    /// <param name="name">The look-up's name.</param>
    /// <param name="columns">All names that can be asked for.</param>
    public static string Refusal(string name, IEnumerable<string> columns)
    {
        var known = columns.Where(c => IsName(c) && c != Prefix).Select(c => c[Prefix.Length..]).Order(StringComparer.Ordinal).ToList();
        string asked = name == Prefix ? "no default handoff destination" : $"no handoff destination '{name[Prefix.Length..]}'";
        return known.Count == 0
            ? $"There is {asked}: none is configured (EventCalls:Handoffs)."
            : $"There is {asked}; configured (EventCalls:Handoffs): {string.Join(", ", known)}.";
    }
}
