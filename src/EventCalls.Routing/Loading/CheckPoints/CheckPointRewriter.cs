using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.CheckPoints;

/// <summary>
/// Puts a check point at each turn of a loop and each entry of a method, accessor, local function or lambda, so that an endless loop
/// or recursion ends at the time limit (<see cref="Limits.CheckPoint"/>).
/// </summary>
/// <remarks>Everything is inserted on the line it belongs to: line numbers of exceptions and of the debug information stay those of the source.</remarks>
internal sealed class CheckPointRewriter(SemanticModel model) : CSharpSyntaxRewriter
{
    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        var visited = (MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!;
        if (visited.ExpressionBody is null && visited.Body is null)
            return visited;
        // A method that decides keeps a frame of its own on the stack, so that an exception tells its line.
        if (node.ParameterList.Parameters.Any(p => p.Type is IdentifierNameSyntax { Identifier.Text: nameof(Conversation) }))
            visited = Inserted.NotInlined(visited);
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(Inserted.Body(arrow, visited.SemicolonToken, Inserted.IsVoid(node.ReturnType)))
            : visited.Body is { } body ? visited.WithBody(IsDispose(node) ? Inserted.DisposeOf(body) : Inserted.EnterOf(body)) : visited;
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        var visited = (LocalFunctionStatementSyntax)base.VisitLocalFunctionStatement(node)!;
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(Inserted.Body(arrow, visited.SemicolonToken, Inserted.IsVoid(node.ReturnType)))
            : visited.Body is { } body ? visited.WithBody(Inserted.EnterOf(body)) : visited;
    }

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
    {
        var visited = (ConstructorDeclarationSyntax)base.VisitConstructorDeclaration(node)!;
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Inserted.Body(arrow, visited.SemicolonToken, isVoid: true))
            : visited.Body is { } body ? visited.WithBody(Inserted.EnterOf(body)) : visited;
    }

    public override SyntaxNode? VisitOperatorDeclaration(OperatorDeclarationSyntax node)
    {
        var visited = (OperatorDeclarationSyntax)base.VisitOperatorDeclaration(node)!;
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(Inserted.Body(arrow, visited.SemicolonToken, Inserted.IsVoid(node.ReturnType)))
            : visited.Body is { } body ? visited.WithBody(Inserted.EnterOf(body)) : visited;
    }

    public override SyntaxNode? VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node)
    {
        var visited = (ConversionOperatorDeclarationSyntax)base.VisitConversionOperatorDeclaration(node)!;
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Inserted.Body(arrow, visited.SemicolonToken, isVoid: false))
            : visited.Body is { } body ? visited.WithBody(Inserted.EnterOf(body)) : visited;
    }

    public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node)
    {
        var visited = (AccessorDeclarationSyntax)base.VisitAccessorDeclaration(node)!;
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(Inserted.Body(arrow, visited.SemicolonToken, isVoid: !node.IsKind(SyntaxKind.GetAccessorDeclaration)))
            : visited.Body is { } body ? visited.WithBody(Inserted.EnterOf(body)) : visited;
    }

    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        var visited = (PropertyDeclarationSyntax)base.VisitPropertyDeclaration(node)!;
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Inserted.Getter(arrow, visited.SemicolonToken))
            : visited;
    }

    public override SyntaxNode? VisitIndexerDeclaration(IndexerDeclarationSyntax node)
    {
        var visited = (IndexerDeclarationSyntax)base.VisitIndexerDeclaration(node)!;
        return visited.ExpressionBody is { } arrow
            ? visited.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Inserted.Getter(arrow, visited.SemicolonToken))
            : visited;
    }

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        bool isVoid = IsVoid(node);
        var visited = (SimpleLambdaExpressionSyntax)base.VisitSimpleLambdaExpression(node)!;
        return visited.Block is { } block
            ? visited.WithBlock(Inserted.EnterOf(block))
            : visited.WithExpressionBody(null).WithBlock(Inserted.LambdaBody(visited.ExpressionBody!, isVoid));
    }

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        bool isVoid = IsVoid(node);
        var visited = (ParenthesizedLambdaExpressionSyntax)base.VisitParenthesizedLambdaExpression(node)!;
        return visited.Block is { } block
            ? visited.WithBlock(Inserted.EnterOf(block))
            : visited.WithExpressionBody(null).WithBlock(Inserted.LambdaBody(visited.ExpressionBody!, isVoid));
    }

    public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node)
    {
        var visited = (AnonymousMethodExpressionSyntax)base.VisitAnonymousMethodExpression(node)!;
        return visited.WithBlock(Inserted.EnterOf(visited.Block));
    }

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node)
    {
        var visited = (WhileStatementSyntax)base.VisitWhileStatement(node)!;
        return visited.WithStatement(Inserted.StepOf(visited.Statement));
    }

    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node)
    {
        var visited = (DoStatementSyntax)base.VisitDoStatement(node)!;
        return visited.WithStatement(Inserted.StepOf(visited.Statement));
    }

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node)
    {
        var visited = (ForStatementSyntax)base.VisitForStatement(node)!;
        return visited.WithStatement(Inserted.StepOf(visited.Statement));
    }

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node)
    {
        var visited = (ForEachStatementSyntax)base.VisitForEachStatement(node)!;
        return visited.WithStatement(Inserted.StepOf(visited.Statement));
    }

    public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node)
    {
        var visited = (ForEachVariableStatementSyntax)base.VisitForEachVariableStatement(node)!;
        return visited.WithStatement(Inserted.StepOf(visited.Statement));
    }

    // A jump back is a loop too, and so is a goto from case to case.
    public override SyntaxNode? VisitGotoStatement(GotoStatementSyntax node) =>
        Inserted.StepOf((GotoStatementSyntax)base.VisitGotoStatement(node)!);

    public override SyntaxNode? VisitCatchClause(CatchClauseSyntax node)
    {
        var visited = Inserted.Filtered((CatchClauseSyntax)base.VisitCatchClause(node)!, node.SpanStart);
        return visited.WithBlock(Inserted.EnterOf(visited.Block));
    }

    public override SyntaxNode? VisitFinallyClause(FinallyClauseSyntax node)
    {
        // What the block assigns counts as assigned after it, so the way around it assigns as well.
        var flow = model.AnalyzeDataFlow(node.Block)!;
        var assigned = flow.AlwaysAssigned.Except(flow.VariablesDeclared, SymbolEqualityComparer.Default).Select(v => v!.Name);
        var visited = (FinallyClauseSyntax)base.VisitFinallyClause(node)!;
        return visited.WithBlock(Inserted.FinallyOf(visited.Block, assigned));
    }

    public override SyntaxNode? VisitClassDeclaration(ClassDeclarationSyntax node) => Initializers(node, base.VisitClassDeclaration(node)!);

    public override SyntaxNode? VisitStructDeclaration(StructDeclarationSyntax node) => Initializers(node, base.VisitStructDeclaration(node)!);

    public override SyntaxNode? VisitRecordDeclaration(RecordDeclarationSyntax node) =>
        WithContract(node, (RecordDeclarationSyntax)Initializers(node, base.VisitRecordDeclaration(node)!));

    public override SyntaxNode? VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
    {
        if (Replacements.Of(model, node) is { } standIn)
            return standIn;
        var visited = (MemberAccessExpressionSyntax)base.VisitMemberAccessExpression(node)!;
        return Replacements.OfMessage(model, node, visited.Expression) ?? visited;
    }

    public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node) =>
        node.Parent is MemberAccessExpressionSyntax access && access.Name == node ? node : Replacements.Of(model, node) ?? base.VisitIdentifierName(node);

    // Two records that refer to each other are compared and hashed without end, by code of the compiler's that has no check point.
    private RecordDeclarationSyntax WithContract(RecordDeclarationSyntax node, RecordDeclarationSyntax visited)
    {
        if (model.GetDeclaredSymbol(node) is not { TypeKind: TypeKind.Class } type || type.DeclaringSyntaxReferences[0].GetSyntax() != node
            || type.GetMembers("EqualityContract").Any(m => !m.IsImplicitlyDeclared) || !type.GetMembers().OfType<IFieldSymbol>().Any(f => !f.IsStatic && MayRefer(f.Type)))
            return visited;
        string modifiers = type.BaseType is not { SpecialType: SpecialType.System_Object } ? "protected override" : type.IsSealed ? "private" : "protected virtual";
        string name = node.TypeParameterList is { } parameters ? $"{node.Identifier.Text}<{string.Join(", ", parameters.Parameters.Select(p => p.Identifier.Text))}>" : node.Identifier.Text;
        var contract = Inserted.EqualityContract(modifiers, name);
        if (!visited.OpenBraceToken.IsKind(SyntaxKind.None))
        {
            var open = visited.OpenBraceToken;
            return visited.WithOpenBraceToken(open.WithTrailingTrivia()).WithMembers(visited.Members.Insert(0, contract.WithTrailingTrivia(open.TrailingTrivia)));
        }

        return visited
            .WithSemicolonToken(default)
            .WithOpenBraceToken(SyntaxFactory.Token(SyntaxKind.OpenBraceToken))
            .WithMembers(SyntaxFactory.SingletonList(contract))
            .WithCloseBraceToken(SyntaxFactory.Token(default, SyntaxKind.CloseBraceToken, visited.SemicolonToken.TrailingTrivia));
    }

    private static bool MayRefer(ITypeSymbol type) => type switch
    {
        { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_String or SpecialType.System_DateTime } or { TypeKind: TypeKind.Enum } => false,
        INamedTypeSymbol { Name: "Nullable", TypeArguments: [{ } inner] } => MayRefer(inner),
        _ => type is not { ContainingNamespace.Name: "System", TypeKind: TypeKind.Struct, Name: not "ValueTuple" },
    };

    // Field initializers run before any statement of a constructor: a class that makes one of its own kind there recurses without end.
    private static TypeDeclarationSyntax Initializers(TypeDeclarationSyntax node, SyntaxNode visited)
    {
        var type = (TypeDeclarationSyntax)visited;
        bool any = node.Members.Any(m => m switch
        {
            FieldDeclarationSyntax f => !f.Modifiers.Any(SyntaxKind.StaticKeyword) && !f.Modifiers.Any(SyntaxKind.ConstKeyword)
                && f.Declaration.Variables.Any(v => v.Initializer is { Value: not LiteralExpressionSyntax }),
            PropertyDeclarationSyntax p => !p.Modifiers.Any(SyntaxKind.StaticKeyword) && p.Initializer is { Value: not LiteralExpressionSyntax },
            _ => false,
        });
        if (!any || type.OpenBraceToken.IsKind(SyntaxKind.None))
            return type;
        var open = type.OpenBraceToken;
        return type
            .WithOpenBraceToken(open.WithTrailingTrivia())
            .WithMembers(type.Members.Insert(0, Inserted.EnteredField(node.SpanStart).WithTrailingTrivia(open.TrailingTrivia)));
    }

    private static bool IsDispose(MethodDeclarationSyntax method) =>
        method is { Identifier.Text: "Dispose", ParameterList.Parameters.Count: 0 } && Inserted.IsVoid(method.ReturnType);

    private bool IsVoid(LambdaExpressionSyntax lambda) =>
        model.GetSymbolInfo(lambda).Symbol is IMethodSymbol { ReturnsVoid: true };
}
