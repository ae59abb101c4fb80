using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Tells whether the functions that a static field holds keep nothing: each is written out in the initializer, where there is nothing to capture.</summary>
internal static class StatelessDelegates
{
    public static bool AreAllIn(IFieldSymbol holder, Func<SyntaxTree, SemanticModel> models)
    {
        if ((holder.AssociatedSymbol ?? holder).DeclaringSyntaxReferences is not [{ } reference])
            return false;
        var value = reference.GetSyntax() switch
        {
            VariableDeclaratorSyntax { Initializer.Value: { } v } => v,
            PropertyDeclarationSyntax { Initializer.Value: { } v } => v,
            _ => null,
        };
        return value is not null && models(value.SyntaxTree).GetOperation(value) is { } operation && IsPlain(operation);
    }

    private static bool IsPlain(IOperation operation) => operation switch
    {
        IAnonymousFunctionOperation => true,
        IMethodReferenceOperation group => group.Instance is null,
        // What a method of the logic gives back may hold a function with variables of its own.
        IInvocationOperation { TargetMethod: { } method } call => !method.Locations.Any(l => l.IsInSource) && call.ChildOperations.All(IsPlain),
        ILocalReferenceOperation or IFieldReferenceOperation { Field.IsConst: false } or IPropertyReferenceOperation { Property.Locations: [{ IsInSource: true }, ..] } => !MayHold(operation.Type),
        _ => operation.ChildOperations.All(IsPlain),
    };

    private static bool MayHold(ITypeSymbol? type) => type switch
    {
        null => false,
        { TypeKind: TypeKind.Delegate or TypeKind.Interface or TypeKind.TypeParameter } => true,
        IArrayTypeSymbol array => MayHold(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(MayHold) || (named.Locations.Any(l => l.IsInSource) && named.TypeKind != TypeKind.Enum),
        _ => false,
    };
}
