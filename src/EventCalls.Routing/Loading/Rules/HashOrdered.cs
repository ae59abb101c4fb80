using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>
/// Sets and dictionaries that enumerate in the order of hash codes which differ from run to run. They may be asked whether and what they hold; they
/// are not gone through, nor passed to where that could not be seen: as another type, as a type argument, or as a member that JSON is made of.
/// </summary>
internal static class HashOrdered
{
    private static readonly HashSet<string> s_asking = new(StringComparer.Ordinal)
    {
        "Contains", "ContainsKey", "ContainsValue", "TryGetValue", "GetValueOrDefault", "this[]", "Count", "IsEmpty", "Empty", "Equals", "ToString", "SetEquals", "Overlaps", "IsSubsetOf",
        "IsSupersetOf", "IsProperSubsetOf", "IsProperSupersetOf", "Add", "AddRange", "SetItem", "SetItems", "Remove", "RemoveRange", "Clear", "Union", "Except", "Intersect", "SymmetricExcept", "WithComparers", "WithComparer",
    };

    public static bool Is(ITypeSymbol? type) => type is INamedTypeSymbol { TypeArguments: [{ } key, ..], ContainingNamespace: { Name: var space, ContainingNamespace.Name: "Collections" } } named
        && ((space == "Frozen" && named.Name is "FrozenDictionary" or "FrozenSet" && !IsPlainKey(key)) || (space == "Immutable" && named.Name is "ImmutableDictionary" or "ImmutableHashSet"));

    /// <summary>Whether values of a type are, or hold, such collections.</summary>
    public static bool IsIn(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => IsIn(array.ElementType),
        INamedTypeSymbol named => Is(named) || named.TypeArguments.Any(IsIn),
        _ => false,
    };

    /// <summary>What the use of a symbol does wrong; null when nothing.</summary>
    public static (Advice Advice, string What)? Find(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol { TypeArguments: var given } type when type.IsInSource() && given.FirstOrDefault(IsIn) is { } inside => Refused(inside, $" in {type.Name}"),
        INamedTypeSymbol => null,
        IMethodSymbol { TypeArguments: var given } method when method.ContainingNamespace?.ToDisplayString() != "System.Collections.Generic" && given.FirstOrDefault(IsIn) is { } inside => Refused(inside, $" in {method.Name}"),
        { ContainingType: { } holder } when Is(holder) && !s_asking.Contains(((symbol as IMethodSymbol)?.AssociatedSymbol ?? symbol).Name) => Refused(holder, $".{symbol.Name}"),
        _ => null,
    };

    /// <summary>What is wrong with a member, which JSON may be made of; null when nothing.</summary>
    public static (Advice Advice, string What)? Find(SyntaxNode node, SemanticModel model)
    {
        var type = node switch
        {
            AnonymousObjectMemberDeclaratorSyntax member => model.GetTypeInfo(member.Expression).Type,
            ParameterSyntax { Parent.Parent: RecordDeclarationSyntax, Type: { } parameter } => model.GetTypeInfo(parameter).Type,
            BasePropertyDeclarationSyntax property when IsShown(property) => model.GetTypeInfo(property.Type).Type,
            FieldDeclarationSyntax field when IsShown(field) => model.GetTypeInfo(field.Declaration.Type).Type,
            _ => null,
        };
        return IsIn(type) ? Refused(type!, " as a member of an object") : null;
    }

    public static (Advice Advice, string What) Refused(ITypeSymbol type, string how) =>
        (Advice.HashOrder, $"{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}{how} is not for routing logic");

    private static bool IsShown(MemberDeclarationSyntax member) => !member.Modifiers.Any(m => m.Text == "static")
        && (member.AttributeLists.Count > 0 || member.Modifiers.Any(m => m.Text is "public" or "internal" or "protected"));

    private static bool IsPlainKey(ITypeSymbol type) =>
        type.SpecialType is (>= SpecialType.System_Boolean and <= SpecialType.System_String) or SpecialType.System_DateTime || type.TypeKind == TypeKind.Enum || type is { ContainingNamespace.Name: "System", Name: "Guid" or "DateOnly" or "TimeOnly" or "TimeSpan" };
}
