using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Refuses static state that could carry something from one decision to the next.</summary>
internal sealed class StaticState
{
    private static readonly HashSet<string> s_immutable = new(StringComparer.Ordinal)
    {
        "System.DateTime", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.TimeSpan", "System.Guid", "System.Uri", "System.Version",
        "System.Index", "System.Range", "System.Int128", "System.UInt128", "System.Half", "System.Nullable", "System.ValueTuple", "System.TimeZoneInfo",
        "System.Numerics.BigInteger", "System.Text.RegularExpressions.Regex", "System.Buffers.SearchValues", "System.Net.IPNetwork", "System.StringComparer",
        "System.Collections.Generic.KeyValuePair", "System.Collections.Frozen.FrozenDictionary", "System.Collections.Frozen.FrozenSet",
        "System.Collections.Immutable.ImmutableArray", "System.Collections.Immutable.ImmutableList", "System.Collections.Immutable.ImmutableSortedDictionary",
        "System.Collections.Immutable.ImmutableSortedSet", "System.Collections.Immutable.ImmutableDictionary", "System.Collections.Immutable.ImmutableHashSet", "System.Collections.Immutable.ImmutableQueue", "System.Collections.Immutable.ImmutableStack",
        "System.Text.CompositeFormat", "System.Text.Rune", "System.Text.Encoding", "System.Text.UTF8Encoding", "System.Net.IPAddress", "System.Tuple", "System.Text.Json.JsonNamingPolicy",
    };

    private readonly TableWrites _writes;
    private readonly StandIns _standIns;
    private readonly Action<Location?, Advice, string> _refuse;

    private StaticState(TableWrites writes, StandIns standIns, Action<Location?, Advice, string> refuse)
    {
        _writes = writes;
        _standIns = standIns;
        _refuse = refuse;
    }

    /// <summary>Looks at every static field, property and event of the sources.</summary>
    /// <param name="compilation">What the compiler made of them.</param>
    /// <param name="trees">The sources themselves, without what generators added.</param>
    /// <param name="refuse">Takes what is refused.</param>
    public static void Check(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees, Action<Location?, Advice, string> refuse)
    {
        var state = new StaticState(TableWrites.Find(compilation, trees), new StandIns(compilation), refuse);
        state.Check(compilation.Assembly.GlobalNamespace, trees);
    }

    private void Check(INamespaceOrTypeSymbol place, IReadOnlyCollection<SyntaxTree> trees)
    {
        foreach (var member in place.GetMembers())
        {
            switch (member)
            {
                case INamedTypeSymbol generated when !generated.DeclaringSyntaxReferences.Any(r => trees.Contains(r.SyntaxTree)):
                    break;
                case INamespaceOrTypeSymbol inner:
                    Check(inner, trees);
                    break;
                case IFieldSymbol { IsStatic: true, IsConst: false } field when place is not INamedTypeSymbol { TypeKind: TypeKind.Enum }:
                    Check(field);
                    break;
                case IEventSymbol { IsStatic: true }:
                    _refuse(member.Locations.FirstOrDefault(), Advice.Static, $"The static event {member.Name} is not for routing logic");
                    break;
            }
        }
    }

    private void Check(IFieldSymbol field)
    {
        var shown = field.AssociatedSymbol ?? field;
        if (shown is IEventSymbol)
            return;
        if (!field.IsReadOnly)
            _refuse(shown.Locations.FirstOrDefault(), Advice.Static, $"The static {Kind(shown)} {shown.Name}, which can be set, is not for routing logic");
        else if (!IsConstant(field))
            _refuse(shown.Locations.FirstOrDefault(), Advice.Static, $"The static {Kind(shown)} {shown.Name} of type {field.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, {Why(field)}, is not for routing logic");
    }

    // A collection counts as a table when its initializer shows that it is one, or its type leaves no doubt.
    private bool IsConstant(IFieldSymbol field)
    {
        if (!TableTypes.Is(field.Type) && !IsSequence(field.Type))
            return _writes.IsOfFramework(field) || IsImmutable(field.Type, [], field);
        if ((TableTypes.IsReadOnlyInterface(field.Type) || IsSequence(field.Type)) && !_writes.IsMadeWith(field))
            return false;
        return _writes.To(field) is null && Elements(field.Type).All(t => IsImmutable(t, [], field));
    }

    private static bool IsSequence(ITypeSymbol type) => type is INamedTypeSymbol { Name: "IEnumerable", TypeArguments.Length: 1 };

    private static IEnumerable<ITypeSymbol> Elements(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => [array.ElementType],
        INamedTypeSymbol named => named.TypeArguments,
        _ => [],
    };

    private static string Kind(ISymbol symbol) => symbol is IPropertySymbol ? "property" : "field";

    private string Why(IFieldSymbol field)
    {
        if (Changeable(field.Type, [], field) is var (named, standIn))
        {
            return named.TypeKind == TypeKind.Interface
                ? $"in which a {standIn.Name}, which can be changed, may stand for {named.Name} (make its fields readonly, or this one a field of the instance, which is there for one decision)"
                : $"in which a {standIn.Name}, which can be changed, may stand for {named.Name} (make its fields readonly, or {named.Name} sealed)";
        }

        if (Written(field.Type, [], field) is { } where)
        {
            var place = where.GetLineSpan();
            return $"to which {place.Path}({place.StartLinePosition.Line + 1}) may write";
        }

        return "which can be changed";
    }

    private Location? Written(ITypeSymbol type, HashSet<ITypeSymbol> within, IFieldSymbol? field)
    {
        if (!within.Add(type))
            return null;
        var where = !TableTypes.Is(type) ? null : field is not null && SymbolEqualityComparer.Default.Equals(field.Type, type) ? _writes.To(field) : _writes.To(type);
        var inner = Elements(type).Concat(type.IsInSource() ? type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic).Select(f => f.Type) : []);
        return where ?? inner.Select(t => Written(t, within, null)).FirstOrDefault(w => w is not null);
    }

    // What may stand for a type that the field names, and can be changed.
    private (INamedTypeSymbol Named, INamedTypeSymbol StandIn)? Changeable(ITypeSymbol type, HashSet<ITypeSymbol> within, IFieldSymbol holder)
    {
        if (type is IArrayTypeSymbol array)
            return Changeable(array.ElementType, within, holder);
        if (type is not INamedTypeSymbol named || !within.Add(type))
            return null;
        if (named.IsInSource() && _standIns.Of(named).FirstOrDefault(t => !HasImmutableFields(t, [], holder)) is { } standIn)
            return (named, standIn);
        return named.TypeArguments.Select(t => Changeable(t, within, holder)).FirstOrDefault(t => t is not null);
    }

    private bool IsImmutable(ITypeSymbol type, HashSet<ITypeSymbol> within, IFieldSymbol holder)
    {
        if (type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String || type.TypeKind == TypeKind.Enum)
            return true;
        if (type.TypeKind == TypeKind.Delegate)
            return StatelessDelegates.AreAllIn(holder, _writes.Models);
        if (type is IArrayTypeSymbol array)
            return _writes.To(array) is null && IsImmutable(array.ElementType, within, holder);
        // T is what the sources give for it.
        if (type is ITypeParameterSymbol)
            return _writes.Given.Of(type)?.All(t => IsImmutable(t, within, holder)) ?? false;
        // What an anonymous type holds is nowhere named.
        if (type is not INamedTypeSymbol { IsAnonymousType: false } named || !within.Add(type))
            return type is INamedTypeSymbol && within.Contains(type);
        if (TableTypes.Is(named))
            return _writes.To(named) is null && named.TypeArguments.All(t => IsImmutable(t, within, holder));
        string name = $"{named.ContainingNamespace.ToDisplayString()}.{named.Name}";
        // It may be one of the sources' own, with variables.
        if (name == "System.Text.Json.JsonNamingPolicy" && _writes.To(named) is not null)
            return false;
        if (s_immutable.Contains(name))
            return named.TypeArguments.All(t => IsImmutable(t, within, holder));
        return named.IsInSource() && IsImmutableSource(named, within, holder);
    }

    private static IEnumerable<IParameterSymbol> Kept(INamedTypeSymbol type) =>
        type.InstanceConstructors.Where(c => c.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax)).SelectMany(c => c.Parameters);

    // A struct in a readonly field is readonly itself; a class must not be changeable, nor what it is derived from, nor what may stand for it.
    private bool IsImmutableSource(INamedTypeSymbol type, HashSet<ITypeSymbol> within, IFieldSymbol holder) =>
        _standIns.Of(type).All(t => IsImmutable(t, within, holder)) && HasImmutableFields(type, within, holder);

    private bool HasImmutableFields(INamedTypeSymbol type, HashSet<ITypeSymbol> within, IFieldSymbol holder)
    {
        if (type.TypeKind == TypeKind.Interface)
            return true;
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            return false;
        if (type is { TypeKind: TypeKind.Class, BaseType: { SpecialType: not SpecialType.System_Object } parent } && !(parent.IsInSource() && HasImmutableFields(parent, within, holder)))
            return false;
        // A span of it may be written to.
        if (type.GetAttributes().Any(a => a.AttributeClass?.Name == "InlineArrayAttribute"))
            return false;
        // What methods use of a primary constructor's parameters lives in hidden fields that they can set; a record's are its properties.
        if (!type.IsRecord && Kept(type).Any(p => !IsImmutable(p.Type, within, holder) || SelfChange.WritesTo(p, type, _writes.Models)))
            return false;
        if (SelfChange.IsIn(type, _writes.Models))
            return false;
        // Behind an event there may be a hidden field that can be set.
        if (type.GetMembers().OfType<IEventSymbol>().Any())
            return false;
        return type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic && f is not { IsImplicitlyDeclared: true, AssociatedSymbol: null })
            .All(f => (f.IsReadOnly || type.TypeKind == TypeKind.Struct) && IsImmutable(f.Type, within, holder));
    }
}
