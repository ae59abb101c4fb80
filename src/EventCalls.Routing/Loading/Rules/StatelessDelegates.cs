using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Tells whether the functions that a static field holds keep nothing: each is written out in the initializer, and holds no variable that changes.</summary>
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
        // It captures nothing itself; but a function that it makes may hold variables of it.
        IAnonymousFunctionOperation function => !MayHold(function.Symbol.ReturnType) || function.Body.Descendants().Where(IsFunction).All(inner => HoldsNothingThatChanges(inner, function)),
        IMethodReferenceOperation group => group.Instance is null,
        // What a method of the logic gives back may hold a function with variables of its own.
        IInvocationOperation { TargetMethod: { } method } call => !method.IsInSource() && call.ChildOperations.All(IsPlain),
        ILocalReferenceOperation or IFieldReferenceOperation { Field.IsConst: false } or IPropertyReferenceOperation { Property.Locations: [{ IsInSource: true }, ..] } => !MayHold(operation.Type),
        _ => operation.ChildOperations.All(IsPlain),
    };

    private static bool IsFunction(IOperation operation) => operation is IAnonymousFunctionOperation or ILocalFunctionOperation;

    private static bool HoldsNothingThatChanges(IOperation inner, IAnonymousFunctionOperation outer)
    {
        foreach (var operation in inner.Descendants())
        {
            var (variable, type) = operation switch
            {
                ILocalReferenceOperation local => ((ISymbol)local.Local, local.Type),
                IParameterReferenceOperation parameter => (parameter.Parameter, parameter.Type),
                _ => (null, null),
            };
            if (variable is null || variable.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == inner.Syntax.SyntaxTree && inner.Syntax.Span.Contains(r.Span)))
                continue;
            if (!IsValue(type) || outer.Body.Descendants().Any(o => Changes(o, variable)))
                return false;
        }

        return true;
    }

    private static bool Changes(IOperation operation, ISymbol variable) => operation switch
    {
        IAssignmentOperation assignment => assignment.Target.DescendantsAndSelf().Any(o => Is(o, variable)),
        IIncrementOrDecrementOperation step => Is(step.Target, variable),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Is(argument.Value, variable),
        IVariableDeclaratorOperation { Symbol.RefKind: RefKind.Ref } declared => declared.Descendants().Any(o => Is(o, variable)),
        _ => false,
    };

    private static bool Is(IOperation operation, ISymbol variable) => operation switch
    {
        ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, variable),
        IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, variable),
        _ => false,
    };

    private static bool IsValue(ITypeSymbol? type) => type is { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_String } or { TypeKind: TypeKind.Enum };

    private static bool MayHold(ITypeSymbol? type) => type switch
    {
        null => false,
        { TypeKind: TypeKind.Delegate or TypeKind.Interface or TypeKind.TypeParameter } => true,
        IArrayTypeSymbol array => MayHold(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(MayHold) || (named.IsInSource() && named.TypeKind != TypeKind.Enum),
        _ => false,
    };
}
