using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>The names of a symbol that rules are looked up by.</summary>
internal static class SymbolNames
{
    /// <summary>From the member over its type and the types around it to the namespaces, without type parameters.</summary>
    public static IEnumerable<string> Of(ISymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        if (symbol is not (INamedTypeSymbol or INamespaceSymbol) && symbol.ContainingType is { } type)
        {
            if (symbol is IMethodSymbol { AssociatedSymbol: { } property })
                symbol = property;
            yield return $"{Type(type)}.{symbol.Name}";
            // An override is what it overrides: a rule for Object.GetType or Exception.StackTrace holds for every exception.
            for (var overridden = Overridden(symbol); overridden is not null; overridden = Overridden(overridden))
                yield return $"{Type(overridden.ContainingType)}.{symbol.Name}";
            symbol = type;
        }

        if (symbol is INamedTypeSymbol)
        {
            for (var t = (INamedTypeSymbol?)symbol; t is not null; t = t.ContainingType)
                yield return Type(t);
            symbol = symbol.ContainingNamespace;
        }

        for (var space = symbol as INamespaceSymbol; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
            yield return space.ToDisplayString();
    }

    private static ISymbol? Overridden(ISymbol symbol) => symbol switch
    {
        IMethodSymbol m => m.OverriddenMethod?.OriginalDefinition,
        IPropertySymbol p => p.OverriddenProperty?.OriginalDefinition,
        _ => null,
    };

    private static string Type(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? $"{Type(outer)}.{type.Name}"
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.Name}"
        : type.Name;
}
