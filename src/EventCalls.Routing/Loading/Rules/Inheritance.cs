using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>
/// Refuses classes that derive from one of the framework which is not made for it: they could hide state behind a type that counts as
/// constant, and reach protected members that are no part of what is checked.
/// </summary>
internal static class Inheritance
{
    private static readonly HashSet<string> s_open = new(StringComparer.Ordinal)
    {
        "System.Object", "System.ValueType", "System.Enum", "System.Attribute", "System.MulticastDelegate", "System.EventArgs", "EventCalls.Routing.RoutingLogic",
        "System.Collections.Generic.List", "System.Collections.Generic.Dictionary", "System.Collections.Generic.HashSet", "System.Collections.Generic.SortedDictionary",
        "System.Collections.Generic.Comparer", "System.Collections.Generic.EqualityComparer", "System.Collections.ObjectModel.Collection", "System.Collections.ObjectModel.KeyedCollection",
        "System.Collections.ObjectModel.ReadOnlyCollection", "System.Text.Json.Serialization.JsonConverter", "System.Text.Json.JsonNamingPolicy",
    };

    public static void Check(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees, Action<Location?, Advice, string> refuse)
    {
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var declaration in tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>())
            {
                if (model.GetDeclaredSymbol(declaration) is not INamedTypeSymbol { BaseType: { } parent } type)
                    continue;
                if (!IsOpen(parent))
                    refuse(declaration.Identifier.GetLocation(), Advice.Derived, $"{type.Name}, a class derived from {parent.Name}, is not for routing logic");
                // An attribute has the framework make one, which it keeps.
                if (IsConverter(parent) && MayChange(type, declaration))
                    refuse(declaration.Identifier.GetLocation(), Advice.Static, $"{type.Name}, a converter with variables that is kept from one call to the next, is not for routing logic");
            }
        }
    }

    /// <summary>Whether a class is a converter of JSON, or derives from one.</summary>
    public static bool IsConverter(INamedTypeSymbol type) =>
        type is { Name: "JsonConverter", ContainingNamespace.Name: "Serialization" } || (type.BaseType is { } parent && IsConverter(parent));

    private static bool MayChange(INamedTypeSymbol type, TypeDeclarationSyntax declaration) => declaration.ParameterList is not null
        || type.GetMembers().Any(m => m is IEventSymbol || (m is IFieldSymbol { IsStatic: false } f && !(f.IsReadOnly && f.Type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String)));

    private static bool IsOpen(INamedTypeSymbol type) =>
        type.IsInSource() || LogicRules.IsException(type) || s_open.Contains($"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}");
}
