using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>What may stand for a class or an interface of the sources: as they are loaded by themselves, every type that is derived from it or implements it is among them.</summary>
internal sealed class StandIns
{
    private readonly List<INamedTypeSymbol> _types = [];

    /// <summary>Looks at all types, those that generators added too.</summary>
    public StandIns(Compilation compilation) => Add(compilation.Assembly.GlobalNamespace);

    /// <summary>The classes and structs of the sources that are derived from a type or implement it, itself not among them.</summary>
    public IEnumerable<INamedTypeSymbol> Of(INamedTypeSymbol type) => type.IsSealed ? [] : _types.Where(t => IsOf(t, type.OriginalDefinition));

    private static bool IsOf(INamedTypeSymbol type, INamedTypeSymbol named)
    {
        if (named.TypeKind == TypeKind.Interface)
            return type.TypeKind != TypeKind.Interface && type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, named));
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(parent.OriginalDefinition, named))
                return true;
        }

        return false;
    }

    private void Add(INamespaceOrTypeSymbol place)
    {
        if (place is INamedTypeSymbol type)
            _types.Add(type);
        foreach (var member in place.GetMembers().OfType<INamespaceOrTypeSymbol>())
            Add(member);
    }
}
