using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Analyzers.Fixes;

/// <summary>What to make of a static field or property that is refused, where a modifier is enough.</summary>
internal static class StaticRewrite
{
    /// <summary>The rewrites of what a diagnostic points at, the one that changes least first; whether they hold is not looked at.</summary>
    public static IEnumerable<(string Title, Func<SyntaxNode, SyntaxNode> In)> At(SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || !member.Modifiers.Any(SyntaxKind.StaticKeyword))
            yield break;
        if (member is FieldDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.ReadOnlyKeyword))
            yield return ("Nothing writes it: make it readonly", root => root.ReplaceNode(member, With(member, SyntaxKind.ReadOnlyKeyword)));
        if (member is FieldDeclarationSyntax or PropertyDeclarationSyntax)
            yield return ("Keep it for one decision: make it not static", root => root.ReplaceNode(member, Without(member)));
    }

    private static MemberDeclarationSyntax With(MemberDeclarationSyntax member, SyntaxKind modifier)
    {
        var token = SyntaxFactory.Token(modifier).WithTrailingTrivia(SyntaxFactory.Space);
        if (member.Modifiers.Count > 0)
            // Before partial, behind everything else.
            return member.WithModifiers(member.Modifiers.Insert(member.Modifiers.Last() is var last && last.IsKind(SyntaxKind.PartialKeyword) ? member.Modifiers.Count - 1 : member.Modifiers.Count, token));
        var leading = member.GetLeadingTrivia();
        return member.WithoutLeadingTrivia().WithModifiers(SyntaxFactory.TokenList(token)).WithLeadingTrivia(leading);
    }

    private static MemberDeclarationSyntax Without(MemberDeclarationSyntax member)
    {
        var token = member.Modifiers.First(m => m.IsKind(SyntaxKind.StaticKeyword));
        return member.WithModifiers(member.Modifiers.Remove(token)).WithLeadingTrivia(member.GetLeadingTrivia());
    }
}
