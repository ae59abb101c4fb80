using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>What is the logic's own.</summary>
internal static class SourceSymbols
{
    /// <summary>Whether a symbol is declared in the sources, and not in what they refer to.</summary>
    public static bool IsInSource(this ISymbol symbol) => symbol.Locations.Any(l => l.IsInSource);
}
