using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Refuses static state that could carry something from one decision to the next.</summary>
internal static class StaticState
{
    private static readonly HashSet<string> s_immutable = new(StringComparer.Ordinal)
    {
        "System.DateTime", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.TimeSpan", "System.Guid", "System.Uri", "System.Version",
        "System.Index", "System.Range", "System.Int128", "System.UInt128", "System.Half", "System.Nullable", "System.ValueTuple", "System.TimeZoneInfo",
        "System.Numerics.BigInteger", "System.Text.RegularExpressions.Regex", "System.Buffers.SearchValues", "System.Net.IPNetwork", "System.StringComparer",
        "System.Collections.Generic.KeyValuePair", "System.Collections.Frozen.FrozenDictionary", "System.Collections.Frozen.FrozenSet",
        "System.Collections.Immutable.ImmutableArray", "System.Collections.Immutable.ImmutableList", "System.Collections.Immutable.ImmutableSortedDictionary",
        "System.Collections.Immutable.ImmutableSortedSet", "System.Collections.Immutable.ImmutableQueue", "System.Collections.Immutable.ImmutableStack",
    };

    /// <summary>Looks at every static field, property and event of the sources.</summary>
    public static void Check(Compilation compilation, Action<Location?, Advice, string> refuse)
    {
        Check(compilation.Assembly.GlobalNamespace, refuse);
    }

    private static void Check(INamespaceOrTypeSymbol place, Action<Location?, Advice, string> refuse)
    {
        foreach (var member in place.GetMembers())
        {
            switch (member)
            {
                case INamespaceOrTypeSymbol inner:
                    Check(inner, refuse);
                    break;
                case IFieldSymbol { IsStatic: true, IsConst: false } field when place is not INamedTypeSymbol { TypeKind: TypeKind.Enum }:
                    Check(field, refuse);
                    break;
                case IEventSymbol { IsStatic: true }:
                    refuse(member.Locations.FirstOrDefault(), Advice.Static, $"The static event {member.Name} is not for routing logic");
                    break;
            }
        }
    }

    private static void Check(IFieldSymbol field, Action<Location?, Advice, string> refuse)
    {
        var shown = field.AssociatedSymbol ?? field;
        if (shown is IEventSymbol)
            return;
        if (!field.IsReadOnly)
            refuse(shown.Locations.FirstOrDefault(), Advice.Static, $"The static {Kind(shown)} {shown.Name}, which can be set, is not for routing logic");
        else if (!IsImmutable(field.Type, []))
            refuse(shown.Locations.FirstOrDefault(), Advice.Static, $"The static {Kind(shown)} {shown.Name} of type {field.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, {Why(field.Type, [])}, is not for routing logic");
    }

    private static string Kind(ISymbol symbol) => symbol is IPropertySymbol ? "property" : "field";

    private static string Why(ITypeSymbol type, HashSet<ITypeSymbol> within) =>
        Unsealed(type, within) is { } open ? $"of which a type derived from {open.Name} could be changed (make {open.Name} sealed)" : "which can be changed";

    private static INamedTypeSymbol? Unsealed(ITypeSymbol type, HashSet<ITypeSymbol> within)
    {
        if (type is not INamedTypeSymbol named || !within.Add(type))
            return null;
        if (named is { TypeKind: TypeKind.Class, IsSealed: false } && named.Locations.Any(l => l.IsInSource))
            return named;
        return named.TypeArguments.Select(t => Unsealed(t, within)).FirstOrDefault(t => t is not null);
    }

    private static bool IsImmutable(ITypeSymbol type, HashSet<ITypeSymbol> within)
    {
        if (type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String || type.TypeKind == TypeKind.Enum)
            return true;
        if (type is not INamedTypeSymbol named || !within.Add(type))
            return type is INamedTypeSymbol && within.Contains(type);
        string name = $"{named.ContainingNamespace.ToDisplayString()}.{named.Name}";
        if (s_immutable.Contains(name))
            return named.TypeArguments.All(t => IsImmutable(t, within));
        return named.Locations.Any(l => l.IsInSource) && IsImmutableSource(named, within);
    }

    // A struct in a readonly field is readonly itself; a class must not be changeable, nor stand for a derived one that is.
    private static bool IsImmutableSource(INamedTypeSymbol type, HashSet<ITypeSymbol> within)
    {
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            return false;
        if (type.TypeKind == TypeKind.Class && (!type.IsSealed || type.BaseType is not { SpecialType: SpecialType.System_Object }))
            return false;
        // What methods use of a primary constructor's parameters lives in hidden fields that they can set.
        if (!type.IsRecord && type.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax { ParameterList: not null }))
            return false;
        // Behind an event there may be a hidden field that can be set.
        if (type.GetMembers().OfType<IEventSymbol>().Any())
            return false;
        return type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic)
            .All(f => (f.IsReadOnly || type.TypeKind == TypeKind.Struct) && IsImmutable(f.Type, within));
    }
}
