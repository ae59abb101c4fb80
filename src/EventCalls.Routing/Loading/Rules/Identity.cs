using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Refuses <c>==</c> where it asks whether two values are one and the same object, and not whether they are equal.</summary>
internal static class Identity
{
    public static (Advice Advice, string What)? Find(SemanticModel model, BinaryExpressionSyntax equality)
    {
        if (IsNull(equality.Left) || IsNull(equality.Right))
            return null;
        if (model.GetSymbolInfo(equality).Symbol is IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator } method)
        {
            return method.ContainingType is { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" }
                ? (Advice.Identity, $"== of {method.ContainingType.Name} is not for routing logic")
                : null;
        }

        return IsObject(model, equality.Left) || IsObject(model, equality.Right)
            ? (Advice.Identity, "== of objects is not for routing logic")
            : null;
    }

    private static bool IsNull(ExpressionSyntax expression) =>
        expression.IsKind(SyntaxKind.NullLiteralExpression) || expression.IsKind(SyntaxKind.DefaultLiteralExpression);

    private static bool IsObject(SemanticModel model, ExpressionSyntax expression) =>
        model.GetTypeInfo(expression).Type is { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Interface } or { TypeKind: TypeKind.TypeParameter };
}
