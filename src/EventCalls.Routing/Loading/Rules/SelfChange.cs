using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>
/// Tells what changes itself: objects by what they keep of their constructor's parameters, and structs where no source shows it: a ToString, an Equals or a member of an interface that is called by the framework, or
/// by generic code, on the very element of an array writes to that element.
/// </summary>
internal static class SelfChange
{
    public static bool IsIn(INamedTypeSymbol type, Func<SyntaxTree, SemanticModel> models)
    {
        if (type is not { TypeKind: TypeKind.Struct, IsReadOnly: false })
            return false;
        var open = type.GetMembers().OfType<IMethodSymbol>().Where(m => !m.IsStatic && !m.IsReadOnly && !m.IsImplicitlyDeclared && IsOpen(m, type)).ToList();
        return open.Exists(m => m is { MethodKind: MethodKind.PropertySet, IsInitOnly: false })
            || (open.Count > 0 && MayBeIn(type, models));
    }

    /// <summary>Whether a method of a struct writes to the struct itself.</summary>
    public static bool MayBeIn(INamedTypeSymbol type, Func<SyntaxTree, SemanticModel> models) =>
        type.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).Any(s => Writes(s, models(s.SyntaxTree)));

    private static bool IsOpen(IMethodSymbol method, INamedTypeSymbol type) => method.IsOverride || !method.ExplicitInterfaceImplementations.IsEmpty
        || type.AllInterfaces.SelectMany(i => i.GetMembers().OfType<IMethodSymbol>()).Any(m => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(m), method));

    /// <summary>Whether the code of a type writes to a parameter of its primary constructor, which lives in a hidden field as long as the object does.</summary>
    public static bool WritesTo(IParameterSymbol parameter, INamedTypeSymbol type, Func<SyntaxTree, SemanticModel> models) =>
        type.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).Any(s => s.DescendantNodes().Any(n => Writes(n, models(s.SyntaxTree), o => o is IParameterReferenceOperation read && SymbolEqualityComparer.Default.Equals(read.Parameter, parameter))));

    private static bool Writes(SyntaxNode type, SemanticModel model) => type.DescendantNodes()
        .Where(n => n.FirstAncestorOrSelf<SyntaxNode>(a => a is ConstructorDeclarationSyntax or AccessorDeclarationSyntax { Keyword.Text: "set" or "init" } or TypeDeclarationSyntax) == type)
        .Any(n => Writes(n, model, static o => o is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }));

    // To something, or to a part of it where that is a value.
    private static bool Writes(SyntaxNode node, SemanticModel model, Func<IOperation, bool> isIt) => model.GetOperation(node) switch
    {
        IAssignmentOperation assignment => IsPart(assignment.Target, isIt),
        IIncrementOrDecrementOperation step => IsPart(step.Target, isIt),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => IsPart(argument.Value, isIt),
        IInvocationOperation { TargetMethod.IsReadOnly: false, Instance: { Type.IsValueType: true } part } call =>
            part is not IInstanceReferenceOperation && IsPart(part, isIt) && call.TargetMethod.IsInSource(),
        _ => node is RefExpressionSyntax reference && model.GetOperation(reference.Expression) is { } referred && IsPart(referred, isIt),
    };

    private static bool IsPart(IOperation? target, Func<IOperation, bool> isIt)
    {
        while (target is not null && !isIt(target))
        {
            switch (target)
            {
                case ITupleOperation all:
                    return all.Elements.Any(e => IsPart(e, isIt));
                case IFieldReferenceOperation field:
                    target = field.Instance;
                    break;
                case IPropertyReferenceOperation property:
                    target = property.Instance;
                    break;
                case IInlineArrayAccessOperation access:
                    target = access.Instance;
                    break;
                default:
                    return false;
            }
        }

        return target is not null;
    }
}
