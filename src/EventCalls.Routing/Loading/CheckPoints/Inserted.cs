using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace EventCalls.Routing.Loading.CheckPoints;

/// <summary>The pieces of syntax that check points are made of; none of them holds a line break.</summary>
internal static class Inserted
{
    private const string Class = "global::EventCalls.Routing.Limits.CheckPoint";

    private static readonly StatementSyntax s_enter = ParseStatement($"{Class}.Enter();");
    private static readonly StatementSyntax s_dispose = ParseStatement($"if (!{Class}.Finally()) return;");
    private static readonly ExpressionSyntax s_finally = ParseExpression($"{Class}.Finally()");
    private static readonly StatementSyntax s_step = ParseStatement($"{Class}.Step();");

    public static bool IsVoid(TypeSyntax type) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };

    public static BlockSyntax EnterOf(BlockSyntax block) => First(block, s_enter);

    public static BlockSyntax StepOf(StatementSyntax statement)
    {
        if (statement is BlockSyntax block)
            return First(block, s_step);
        return Block(
            Token(statement.GetLeadingTrivia(), SyntaxKind.OpenBraceToken, default),
            List([s_step, statement.WithoutTrivia()]),
            Token(default, SyntaxKind.CloseBraceToken, statement.GetTrailingTrivia()));
    }

    public static BlockSyntax DisposeOf(BlockSyntax block) => First(block, s_dispose);

    /// <summary>The block, left out when the decision is over its limit; the variables are assigned then all the same.</summary>
    public static BlockSyntax FinallyOf(BlockSyntax block, IEnumerable<string> assigned)
    {
        var otherwise = Block(assigned.Select(name => ParseStatement($"@{name} = default!;")));
        return Block(
            Token(block.GetLeadingTrivia(), SyntaxKind.OpenBraceToken, default),
            SingletonList<StatementSyntax>(IfStatement(s_finally, block.WithoutTrivia(), ElseClause(otherwise))),
            Token(default, SyntaxKind.CloseBraceToken, block.GetTrailingTrivia()));
    }

    /// <summary>The clause, catching nothing when the decision is over its limit, and nothing that the machine brought about.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="ordinal">Makes the name of its exception unlike those of other clauses.</param>
    public static CatchClauseSyntax Filtered(CatchClauseSyntax clause, int ordinal)
    {
        string name = clause.Declaration is { Identifier.Text: { Length: > 0 } given } ? given : $"__caught{ordinal}";
        var catches = ParseExpression($"{Class}.Catches() && global::EventCalls.Routing.Loading.CheckPoints.StandIns.IsOfLogic({name})");
        clause = Named(clause, name);
        if (clause.Filter is { } filter)
        {
            var both = BinaryExpression(SyntaxKind.LogicalAndExpression, ParenthesizedExpression(catches), ParenthesizedExpression(filter.FilterExpression));
            return clause.WithFilter(filter.WithFilterExpression(both));
        }

        var before = clause.Declaration!.CloseParenToken;
        var added = CatchFilterClause(
            Token(TriviaList(Space), SyntaxKind.WhenKeyword, TriviaList(Space)),
            Token(SyntaxKind.OpenParenToken),
            catches,
            Token(default, SyntaxKind.CloseParenToken, before.TrailingTrivia));
        return clause.ReplaceToken(before, before.WithTrailingTrivia()).WithFilter(added);
    }

    /// <summary>The record's own answer to what type it is, which the compiler's <c>Equals</c> and <c>GetHashCode</c> ask at each level, with a check point.</summary>
    public static MemberDeclarationSyntax EqualityContract(string modifiers, string type) =>
        ParseMemberDeclaration($"{modifiers} global::System.Type EqualityContract {{ get {{ {Class}.Enter(); return typeof({type}); }} }}")!;

    private static CatchClauseSyntax Named(CatchClauseSyntax clause, string name)
    {
        var identifier = Identifier(TriviaList(Space), name, default);
        if (clause.Declaration is { } declaration)
            return declaration.Identifier.IsKind(SyntaxKind.None) ? clause.WithDeclaration(declaration.WithIdentifier(identifier)) : clause;
        var keyword = clause.CatchKeyword;
        return clause
            .WithCatchKeyword(keyword.WithTrailingTrivia(Space))
            .WithDeclaration(CatchDeclaration(
                Token(SyntaxKind.OpenParenToken), ParseTypeName("global::System.Exception"), identifier, Token(default, SyntaxKind.CloseParenToken, keyword.TrailingTrivia)));
    }

    /// <summary>The block that does what <c>=&gt; expression;</c> does, with a check point before it.</summary>
    public static BlockSyntax Body(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, bool isVoid) => Block(
        Token(arrow.ArrowToken.LeadingTrivia, SyntaxKind.OpenBraceToken, default),
        List([s_enter.WithTrailingTrivia(arrow.ArrowToken.TrailingTrivia), Statement(arrow.Expression, semicolon.WithTrailingTrivia(), isVoid)]),
        Token(default, SyntaxKind.CloseBraceToken, semicolon.TrailingTrivia));

    /// <summary>The block that does what an expression of a lambda does, with a check point before it.</summary>
    public static BlockSyntax LambdaBody(ExpressionSyntax expression, bool isVoid) => Block(
        Token(SyntaxKind.OpenBraceToken),
        List([s_enter, Statement(expression, Token(SyntaxKind.SemicolonToken), isVoid)]),
        Token(SyntaxKind.CloseBraceToken));

    public static AccessorListSyntax Getter(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon)
    {
        var get = AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, Body(arrow, semicolon.WithTrailingTrivia(), isVoid: false));
        return AccessorList(
            Token(SyntaxKind.OpenBraceToken),
            SingletonList(get),
            Token(default, SyntaxKind.CloseBraceToken, semicolon.TrailingTrivia));
    }

    /// <summary>A field whose initializer is a check point.</summary>
    /// <param name="ordinal">Makes its name unlike those in other parts of the class.</param>
    public static MemberDeclarationSyntax EnteredField(int ordinal) =>
        ParseMemberDeclaration($"private readonly bool __checkPoint{ordinal} = {Class}.Entered();")!;

    /// <summary>The method, which the JIT compiler then leaves out of its callers.</summary>
    public static MethodDeclarationSyntax NotInlined(MethodDeclarationSyntax method)
    {
        const string Space = "global::System.Runtime.CompilerServices";
        var attribute = Attribute(
            ParseName($"{Space}.MethodImpl"),
            ParseAttributeArgumentList($"({Space}.MethodImplOptions.NoInlining)"));
        if (method.AttributeLists is [{ Target: null } first, ..])
            return method.WithAttributeLists(method.AttributeLists.Replace(first, first.AddAttributes(attribute)));
        var list = AttributeList(SingletonSeparatedList(attribute)).WithLeadingTrivia(method.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        var bare = method.WithLeadingTrivia();
        return bare.WithAttributeLists(bare.AttributeLists.Insert(0, list));
    }

    private static BlockSyntax First(BlockSyntax block, StatementSyntax statement)
    {
        var open = block.OpenBraceToken;
        return block
            .WithOpenBraceToken(open.WithTrailingTrivia())
            .WithStatements(block.Statements.Insert(0, statement.WithTrailingTrivia(open.TrailingTrivia)));
    }

    // What stands before the expression (a line break, a comment) comes before the keyword, so that the statement begins on the expression's line.
    private static StatementSyntax Statement(ExpressionSyntax expression, SyntaxToken semicolon, bool isVoid)
    {
        var leading = expression.GetLeadingTrivia();
        var bare = expression.WithLeadingTrivia();
        return bare switch
        {
            ThrowExpressionSyntax t => ThrowStatement(t.ThrowKeyword.WithLeadingTrivia(leading), t.Expression, semicolon),
            _ when isVoid => ExpressionStatement(bare.WithLeadingTrivia(leading), semicolon),
            _ => ReturnStatement(Token(leading, SyntaxKind.ReturnKeyword, TriviaList(Space)), bare, semicolon),
        };
    }
}
