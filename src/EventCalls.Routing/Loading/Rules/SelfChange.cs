using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>
/// Tells structs that change themselves where no source shows it: a ToString, an Equals or a member of an interface that is called by the framework, or
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

    private static bool Writes(SyntaxNode type, SemanticModel model) => type.DescendantNodes()
        .Where(n => n.FirstAncestorOrSelf<SyntaxNode>(a => a is ConstructorDeclarationSyntax or AccessorDeclarationSyntax { Keyword.Text: "set" or "init" } or TypeDeclarationSyntax) == type)
        .Any(n => model.GetOperation(n) switch
        {
            IDeconstructionAssignmentOperation { Target: ITupleOperation all } => all.Elements.Any(IsOfThis),
            IAssignmentOperation assignment => IsOfThis(assignment.Target),
            IIncrementOrDecrementOperation step => IsOfThis(step.Target),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => IsOfThis(argument.Value),
            IInvocationOperation { TargetMethod.IsReadOnly: false, Instance: { Type.IsValueType: true } part } call =>
                part is not IInstanceReferenceOperation && IsOfThis(part) && call.TargetMethod.Locations.Any(l => l.IsInSource),
            _ => n is RefExpressionSyntax reference && model.GetOperation(reference.Expression) is { } referred && IsOfThis(referred),
        });

    private static bool IsOfThis(IOperation? target)
    {
        while (true)
        {
            switch (target)
            {
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    return true;
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
    }
}
