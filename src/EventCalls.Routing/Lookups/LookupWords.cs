using EventCalls.Contracts;

namespace EventCalls.Routing.Lookups;

/// <summary>What a look-up was in the logic: what is recorded as one may have been a turn, a destination or a fetch.</summary>
public static class LookupWords
{
    /// <summary>The call that asked, as it stands in the logic.</summary>
    public static string Call(string name, string key)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ValueNames.IsName(name) ? $"conv.Config(\"{name[ValueNames.Prefix.Length..]}\")"
            : FetchAnswer.IsFetch(name) ? $"conv.Fetch(\"{name[FetchAnswer.Prefix.Length..]}\", \"{key}\")" : $"conv.Lookup(\"{name}\", \"{key}\")";
    }

    /// <summary>How it is named among what a decision read.</summary>
    public static string Read(string name, string key)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ValueNames.IsName(name) ? $"config.{name[ValueNames.Prefix.Length..]}"
            : FetchAnswer.IsFetch(name) ? $"fetch.{name[FetchAnswer.Prefix.Length..]}[{key}]" : $"lookup.{name}[{key}]";
    }
}
