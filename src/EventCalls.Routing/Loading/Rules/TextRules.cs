using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>What shows the machine or the build when it is made text of without being asked for anything in particular.</summary>
internal static class TextRules
{
    /// <summary>What is wrong with values of this type as an object or text; null when nothing.</summary>
    public static (Advice Advice, string What)? OfObject(ITypeSymbol? type)
    {
        if (LogicRules.IsException(type))
            return (Advice.Trace, "An exception as an object or text, with its stack trace, is not for routing logic");
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t is { Name: "JsonNode", ContainingNamespace.Name: "Nodes" })
                return (Advice.LineEnd, "A JsonNode as an object or text, which is written over several lines, is not for routing logic");
        }

        return type is { Name: "TimeZoneInfo", ContainingNamespace.Name: "System" }
            ? (Advice.ZoneName, "A TimeZoneInfo as an object or text is not for routing logic")
            : null;
    }
}
