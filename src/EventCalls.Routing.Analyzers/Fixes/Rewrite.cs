using EventCalls.Routing.Loading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Analyzers.Fixes;

/// <summary>What to write instead of what a rule refuses, where that is one expression for another.</summary>
/// <param name="Title">For the list of fixes.</param>
/// <param name="Old">What is refused.</param>
/// <param name="New">What stands there then.</param>
internal sealed record Rewrite(string Title, ExpressionSyntax Old, string New)
{
    private const string Invariant = "System.Globalization.CultureInfo.InvariantCulture";

    /// <summary>The rewrites for what a diagnostic points at, the innermost first; whether they hold is not looked at.</summary>
    public static IEnumerable<Rewrite> At(SyntaxNode node, SemanticModel model)
    {
        foreach (var expression in node.AncestorsAndSelf().TakeWhile(n => n is not StatementSyntax or LocalDeclarationStatementSyntax).OfType<ExpressionSyntax>())
        {
            if (Of(expression, model) is { } rewrite)
                yield return rewrite;
        }
    }

    private static Rewrite? Of(ExpressionSyntax expression, SemanticModel model) => expression switch
    {
        MemberAccessExpressionSyntax member when model.GetSymbolInfo(member).Symbol is { } symbol => OfMember(member, symbol, model),
        BaseObjectCreationExpressionSyntax made when model.GetTypeInfo(made).Type?.ToDisplayString() == "System.Random" => ByConversation(made, model, conv => $"{conv}.Random", "It draws what is recorded"),
        InvocationExpressionSyntax call when model.GetSymbolInfo(call).Symbol is IMethodSymbol method => OfCall(call, method, model),
        _ => null,
    };

    private static Rewrite? OfMember(MemberAccessExpressionSyntax member, ISymbol symbol, SemanticModel model) => $"{symbol.ContainingType?.ToDisplayString()}.{symbol.Name}" switch
    {
        "System.DateTimeOffset.UtcNow" or "System.DateTimeOffset.Now" => ByConversation(member, model, conv => $"{conv}.Now", "The call's clock, UTC"),
        "System.DateTime.UtcNow" or "System.DateTime.Now" => ByConversation(member, model, conv => $"{conv}.Now.UtcDateTime", "The call's clock, UTC"),
        "System.DateTime.Today" => ByConversation(member, model, conv => $"{conv}.Now.UtcDateTime.Date", "The call's day, UTC"),
        "System.Random.Shared" => ByConversation(member, model, conv => $"{conv}.Random", "It draws what is recorded"),
        "System.Environment.NewLine" => new Rewrite("Write \"\\n\"", member, "\"\\n\""),
        "System.Globalization.CultureInfo.CurrentCulture" or "System.Globalization.CultureInfo.CurrentUICulture" => Instead(member, "InvariantCulture"),
        "System.StringComparer.CurrentCulture" or "System.StringComparison.CurrentCulture" => Instead(member, "Ordinal"),
        "System.StringComparer.CurrentCultureIgnoreCase" or "System.StringComparison.CurrentCultureIgnoreCase" => Instead(member, "OrdinalIgnoreCase"),
        "System.TimeZoneInfo.DisplayName" or "System.TimeZoneInfo.StandardName" or "System.TimeZoneInfo.DaylightName" => Instead(member, "Id"),
        "System.Type.FullName" => Instead(member, "Name"),
        _ => null,
    };

    private static Rewrite? OfCall(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model)
    {
        var arguments = call.ArgumentList.Arguments;
        string? on = (call.Expression as MemberAccessExpressionSyntax)?.Expression.ToString();
        return $"{method.ContainingType.ToDisplayString()}.{method.Name}" switch
        {
            "System.Guid.NewGuid" => ByConversation(call, model, conv => $"{conv}.CallId", "The call's own id"),
            "System.DateTime.Parse" when arguments.Count > 0 => InForms(call, $"System.DateTime.ParseExact({arguments[0]}, [\"yyyy-MM-dd\", \"yyyy-MM-dd HH:mm\", \"yyyy-MM-ddTHH:mm:ss\"], {Invariant}, System.Globalization.DateTimeStyles.None)"),
            "System.DateTimeOffset.Parse" when arguments.Count > 0 => InForms(call, $"System.DateTimeOffset.ParseExact({arguments[0]}, [\"yyyy-MM-ddTHH:mm:ssK\", \"yyyy-MM-ddTHH:mm:ss.FFFFFFFK\"], {Invariant}, System.Globalization.DateTimeStyles.AssumeUniversal)"),
            "System.DateOnly.Parse" when arguments.Count > 0 => InForms(call, $"System.DateOnly.ParseExact({arguments[0]}, \"yyyy-MM-dd\", {Invariant})"),
            "System.TimeOnly.Parse" when arguments.Count > 0 => InForms(call, $"System.TimeOnly.ParseExact({arguments[0]}, [\"HH:mm\", \"HH:mm:ss\"], {Invariant})"),
            "object.ReferenceEquals" when arguments.Count == 2 => new Rewrite("Compare the values", call, $"({arguments[0]} == {arguments[1]})"),
            "System.Text.Json.Nodes.JsonNode.ToString" when on is not null => new Rewrite("Use ToJsonString()", call, $"{on}.ToJsonString()"),
            "System.Exception.ToString" when on is not null => new Rewrite("Show its name and message", call, $"$\"{{{on}.GetType().Name}}: {{{on}.Message}}\""),
            "System.Text.StringBuilder.AppendLine" when on is not null && arguments.Count == 1 => new Rewrite("Append \"\\n\"", call, $"{on}.Append({arguments[0]}).Append('\\n')"),
            "System.Text.StringBuilder.AppendLine" when on is not null => new Rewrite("Append \"\\n\"", call, $"{on}.Append('\\n')"),
            "string.ReplaceLineEndings" when on is not null && arguments.Count == 0 => new Rewrite("Put \"\\n\" there", call, $"{on}.ReplaceLineEndings(\"\\n\")"),
            "System.Security.Cryptography.HashAlgorithm.ComputeHash"
                when arguments.Count == 1 && call.Expression is MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Create", Expression: var type } } } =>
                new Rewrite("Compute it at once", call, $"{type}.HashData({arguments[0]})"),
            _ => null,
        };
    }

    // Which forms are meant nobody can know: these are put in for a start, and whatever has another is an error instead of a guess.
    private static Rewrite InForms(InvocationExpressionSyntax call, string text) => new("Name the forms it may have", call, text);

    private static Rewrite Instead(MemberAccessExpressionSyntax member, string name) => new($"Use {name}", member, $"{member.Expression}.{name}");

    // The conversation is a parameter of each method that decides; of others it may be.
    private static Rewrite? ByConversation(ExpressionSyntax old, SemanticModel model, Func<string, string> text, string why) =>
        model.LookupSymbols(old.SpanStart).OfType<IParameterSymbol>().FirstOrDefault(p => p.Type.ToDisplayString() == LogicShape.ConversationName) is { } conv
            ? new Rewrite($"{why}: {text(conv.Name)}", old, text(conv.Name))
            : null;

    /// <summary>The file with it, wherever the statement says the same.</summary>
    public SyntaxNode In(SyntaxNode root)
    {
        var around = Old.FirstAncestorOrSelf<SyntaxNode>(n => n is StatementSyntax or MemberDeclarationSyntax) ?? Old;
        return root.ReplaceNodes(
            around.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Where(n => SyntaxFactory.AreEquivalent(n, Old)),
            (found, _) => SyntaxFactory.ParseExpression(New).WithTriviaFrom(found));
    }
}
