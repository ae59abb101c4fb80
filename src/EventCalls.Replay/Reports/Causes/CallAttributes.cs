using System.Globalization;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Something calls can be compared by, and which of them have which value.</summary>
/// <param name="Kind">As in <see cref="CauseCondition.Kind"/>.</param>
/// <param name="Name">The header's name or the state's key; else empty.</param>
/// <param name="Family">Attributes that say the same more or less exactly; a cause has one of a family at most.</param>
/// <param name="Rank">Which one is named of those that fit equally: the lowest.</param>
/// <param name="Values">The calls by value, for values that are frequent enough among the changed calls.</param>
internal sealed record CallAttribute(string Kind, string Name, string Family, int Rank, IReadOnlyDictionary<string, CallSet> Values)
{
    /// <summary>How many values there were to choose from, the rare ones too.</summary>
    public int DistinctValues { get; init; } = Values.Count;
}

/// <summary>Finds what the changed calls can be compared by.</summary>
internal static class CallAttributes
{
    private const int MostNames = 200;
    private const int ShortestPrefix = 2;
    private const int LongestPrefix = 12;

    /// <summary>All attributes with at least one value that is frequent enough.</summary>
    public static List<CallAttribute> Of(ComparedCalls calls)
    {
        int least = Math.Max(2, (int)Math.Ceiling(calls.Changed * 0.02));
        var attributes = new List<CallAttribute>();
        AddPairs(attributes, calls, least, f => f.Headers, "header", 0);
        AddNumber(attributes, calls, least, f => f.Callee, "callee", 3);
        AddNumber(attributes, calls, least, f => f.Caller, "caller", 5);
        Add(attributes, calls, least, "trunk", 7, f => f.Trunk);
        Add(attributes, calls, least, "after", 2, f => f.After);
        Add(attributes, calls, 1, "hour", 8, f => f.StartedAt.UtcDateTime.Hour.ToString("00", CultureInfo.InvariantCulture));
        Add(attributes, calls, least, "weekday", 9, f => f.StartedAt.UtcDateTime.DayOfWeek.ToString());
        Add(attributes, calls, least, "matched_nothing", 10, f => f.MatchedNothing ? "yes" : "");
        AddPairs(attributes, calls, least, f => f.State, "state", 11);
        Add(attributes, calls, least, "old_flow", 13, f => f.OldFlow);
        Add(attributes, calls, least, "old_target", 14, f => f.OldTarget);
        return attributes;
    }

    private static void Add(List<CallAttribute> attributes, ComparedCalls calls, int least, string kind, int rank, Func<CallFacts, string> value)
    {
        var sets = new ValueSets(calls, least);
        sets.AddEach(f => value(f));
        AddTo(attributes, sets, kind, "", kind, rank);
    }

    private static void AddNumber(List<CallAttribute> attributes, ComparedCalls calls, int least, Func<CallFacts, string> number, string kind, int rank)
    {
        var whole = new ValueSets(calls, least);
        // A withheld number is a value too.
        whole.AddEach(f => number(f) is { Length: > 0 } given ? given : "withheld");
        AddTo(attributes, whole, kind, "", kind, rank);
        for (int length = ShortestPrefix; length <= LongestPrefix; length++)
        {
            var prefixes = new ValueSets(calls, least);
            int prefix = length;
            prefixes.AddEach(f => number(f) is var given && given.Length > prefix ? given.AsSpan(0, prefix) : default);
            AddTo(attributes, prefixes, kind + "_prefix", "", kind, rank + 1);
        }
    }

    // Headers and state: the value, and whether there is one at all.
    private static void AddPairs(
        List<CallAttribute> attributes, ComparedCalls calls, int least, Func<CallFacts, KeyValuePair<string, string>[]> pairs, string kind, int rank)
    {
        var comparer = kind == "header" ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var byName = new Dictionary<string, (ValueSets Values, CallSet Present)>(comparer);
        var spelling = new Dictionary<string, string>(comparer);
        for (int i = 0; i < calls.Facts.Count; i++)
        {
            foreach (var (name, value) in pairs(calls.Facts[i]))
            {
                if (!byName.TryGetValue(name, out var known))
                {
                    if (byName.Count >= MostNames)
                        continue;
                    byName.Add(name, known = (new ValueSets(calls, least), new CallSet(calls.Facts.Count)));
                }
                // Of several spellings of a header the one that sorts first is shown: capitals.
                if (!spelling.TryGetValue(name, out var shown) || string.CompareOrdinal(name, shown) < 0)
                    spelling[name] = name;
                known.Values.Add(i, value);
                known.Present.Add(i);
            }
        }
        var all = new CallSet(calls.Facts.Count);
        for (int i = 0; i < calls.Facts.Count; i++)
            all.Add(i);
        foreach (var (anyName, (values, present)) in byName.OrderBy(n => spelling[n.Key], StringComparer.Ordinal))
        {
            var name = spelling[anyName];
            var family = $"{kind}:{name}";
            AddTo(attributes, values, kind, name, family, rank);
            attributes.Add(new CallAttribute(kind + "_present", name, family, rank + 1, new Dictionary<string, CallSet> { [""] = present }));
            attributes.Add(new CallAttribute(kind + "_absent", name, family, rank + 1, new Dictionary<string, CallSet> { [""] = all.Without(present) }));
        }
    }

    private static void AddTo(List<CallAttribute> attributes, ValueSets sets, string kind, string name, string family, int rank)
    {
        int distinct = sets.Distinct;
        if (sets.Frequent() is { Count: > 0 } values)
            attributes.Add(new CallAttribute(kind, name, family, rank, values) { DistinctValues = distinct });
    }
}
