using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.CheckPoints;

/// <summary>Which uses of the framework become uses of <see cref="StandIns"/>.</summary>
internal static class Replacements
{
    private const string Class = "global::EventCalls.Routing.Loading.CheckPoints.StandIns";

    /// <summary>What stands for a method or comparer that is named here; null when it stays.</summary>
    public static ExpressionSyntax? Of(SemanticModel model, ExpressionSyntax name)
    {
        if (name.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } && IsIgnoringCase(model, name) && IsFrozen(model, call))
            return SyntaxFactory.ParseExpression($"{Class}.OrdinalIgnoreCase").WithTriviaFrom(name);
        if (model.GetSymbolInfo(name).Symbol is not IMethodSymbol { IsStatic: true, ContainingType: { } type } method || method.Locations.Any(l => l.IsInSource))
            return null;
        string? standIn = (type.Name, method.Name) switch
        {
            ("TimeZoneInfo", "FindSystemTimeZoneById" or "TryFindSystemTimeZoneById" or "ConvertTimeBySystemTimeZoneId") => method.Name,
            ("IPAddress", "Parse" or "TryParse") => method.Name,
            ("IPNetwork", "Parse" or "TryParse") => method.Name + "Network",
            _ => null,
        };
        return standIn is null ? null : SyntaxFactory.ParseExpression($"{Class}.{standIn}").WithTriviaFrom(name);
    }

    /// <summary>What stands for <c>exception.Message</c>; null for any other member.</summary>
    public static ExpressionSyntax? OfMessage(SemanticModel model, MemberAccessExpressionSyntax access, ExpressionSyntax visitedOwner)
    {
        if (access.Name.Identifier.Text != "Message" || model.GetSymbolInfo(access).Symbol is not IPropertySymbol { Name: "Message" } property
            || !Rules.LogicRules.IsException(property.ContainingType) || model.GetTypeInfo(access.Expression).Type is null || access.Expression is BaseExpressionSyntax
            || IsAfterQuestionMark(access))
            return null;
        var call = SyntaxFactory.InvocationExpression(
            SyntaxFactory.ParseExpression($"{Class}.Message"),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(visitedOwner.WithoutTrivia()))));
        return call.WithTriviaFrom(access);
    }

    private static bool IsIgnoringCase(SemanticModel model, ExpressionSyntax name) =>
        model.GetSymbolInfo(name).Symbol is IPropertySymbol { Name: "OrdinalIgnoreCase", ContainingType.Name: "StringComparer" };

    private static bool IsFrozen(SemanticModel model, InvocationExpressionSyntax call) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnType.ContainingNamespace.Name: "Frozen" };

    // In a?.b.Message what stands before the last dot is no expression by itself.
    private static bool IsAfterQuestionMark(ExpressionSyntax expression)
    {
        var first = expression;
        while (true)
        {
            switch (first)
            {
                case MemberAccessExpressionSyntax access:
                    first = access.Expression;
                    break;
                case InvocationExpressionSyntax call:
                    first = call.Expression;
                    break;
                case ElementAccessExpressionSyntax element:
                    first = element.Expression;
                    break;
                case PostfixUnaryExpressionSyntax postfix:
                    first = postfix.Operand;
                    break;
                default:
                    return first is MemberBindingExpressionSyntax or ElementBindingExpressionSyntax;
            }
        }
    }
}
