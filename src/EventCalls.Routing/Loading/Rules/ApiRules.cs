using System.Collections.Frozen;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>
/// What of the framework routing logic may use. A name is looked up from the most particular to the most general: member, type, containing
/// type, namespace, containing namespace. What is found nowhere is refused. To widen the rules, add a name here.
/// </summary>
internal static class ApiRules
{
    private static readonly FrozenDictionary<string, Advice?> s_rules = Build();

    /// <summary>Whether there is a rule for a name, and the advice if it refuses.</summary>
    public static bool TryFind(string name, out Advice? advice) => s_rules.TryGetValue(name, out advice);

    private static FrozenDictionary<string, Advice?> Build()
    {
        var rules = new Dictionary<string, Advice?>(StringComparer.Ordinal);
        foreach (string name in Words(AllowedApis.Names))
            rules.Add(name, null);
        foreach (var (advice, names) in RefusedApis.Names)
        {
            foreach (string name in Words(names))
                rules.Add(name, advice);
        }

        return rules.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
