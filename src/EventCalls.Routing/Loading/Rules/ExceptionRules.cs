using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Where exceptions are: as text or JSON they show a stack trace, which depends on how the code was compiled.</summary>
internal static class ExceptionRules
{
    /// <summary>Whether values of a type are, or hold, exceptions: its type arguments and array elements too.</summary>
    public static bool IsIn(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsIn(array.ElementType),
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(LogicRules.IsException),
        INamedTypeSymbol named => LogicRules.IsException(named) || named.TypeArguments.Any(IsIn),
        _ => false,
    };
}
