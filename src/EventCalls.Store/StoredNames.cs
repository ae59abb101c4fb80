namespace EventCalls.Store;

/// <summary>The stored names of events, found without making a string of them.</summary>
internal static class StoredNames
{
    /// <summary>An event's stored name; null for one that this version does not know.</summary>
    public static string? EventType(ReadOnlySpan<byte> utf8)
    {
        foreach (var (name, known) in s_eventTypes)
        {
            if (utf8.SequenceEqual(name))
                return known;
        }
        return null;
    }

    private static readonly (byte[] Utf8, string Name)[] s_eventTypes =
        [.. Contracts.CallEventNames.All.Select(e => (System.Text.Encoding.UTF8.GetBytes(e.Name), e.Name))];
}
