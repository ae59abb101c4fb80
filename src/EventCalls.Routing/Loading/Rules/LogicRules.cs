using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Refuses, where it can be seen in the source, what would make a decision come out otherwise when it is taken again.</summary>
/// <remarks>A guard against mistakes and shortcuts, no sandbox: logic is code of one's own, run with the rights of the process.</remarks>
internal sealed class LogicRules : CSharpSyntaxWalker
{
    private readonly SemanticModel _model;
    private readonly Action<Location?, string, string> _report;
    private readonly Dictionary<ISymbol, Advice?> _known;
    private readonly HashSet<(int Line, string Id)> _said = [];
    private readonly SpecialRules _special;
    private readonly bool _isEveryPlaceSaid;

    private LogicRules(SemanticModel model, Dictionary<ISymbol, Advice?> known, Action<Location?, string, string> report, bool isEveryPlaceSaid)
    {
        _isEveryPlaceSaid = isEveryPlaceSaid;
        _model = model;
        _known = known;
        _report = report;
        _special = new SpecialRules(model);
    }

    /// <summary>Checks all sources of a compilation; where it has errors, what they hide is not looked at.</summary>
    /// <param name="compilation">What the compiler made of them.</param>
    /// <param name="trees">The sources themselves: what generators added is not looked at.</param>
    /// <param name="report">Takes what is refused: where, the id of the rule, and the message.</param>
    /// <param name="isEveryPlaceSaid">Whether one rule is said as often as it is broken, and not once a line.</param>
    public static void Check(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees, Action<Location?, string, string> report, bool isEveryPlaceSaid = false)
    {
        var known = new Dictionary<ISymbol, Advice?>(SymbolEqualityComparer.Default);
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            var rules = new LogicRules(model, known, report, isEveryPlaceSaid);
            rules.Visit(tree.GetRoot());
            new OperationRules(model, rules.CheckSymbol, rules.Refuse).Check(tree.GetRoot());
        }

        StaticState.Check(compilation, trees, Refuse);
        GenericStatics.Check(compilation, trees, Refuse);
        Inheritance.Check(compilation, trees, Refuse);
        ReservedNames.Check(compilation, trees, Refuse);

        void Refuse(Location? location, Advice advice, string what) =>
            report(location, advice.Id, $"{what}: {advice.Text}.");
    }

    public override void Visit(SyntaxNode? node)
    {
        switch (node)
        {
            case null or UsingDirectiveSyntax { Alias: null }:
                return;
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } } when IsNameOf(node):
                return;
            case ExpressionSyntax expression:
                CheckConversion(expression);
                break;
        }

        if (_special.Find(node) is { } special)
            Refuse(node.GetLocation(), special.Advice, special.What);
        base.Visit(node);
    }

    public override void VisitIdentifierName(IdentifierNameSyntax node) => CheckName(node);

    public override void VisitGenericName(GenericNameSyntax node)
    {
        CheckName(node);
        base.VisitGenericName(node);
    }

    public override void VisitPredefinedType(PredefinedTypeSyntax node)
    {
        // int, string and their like are all allowed; nint is an identifier.
    }

    public override void VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node)
    {
        CheckSymbol(_model.GetSymbolInfo(node).Symbol, node);
        base.VisitImplicitObjectCreationExpression(node);
    }

    public override void VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        CheckSymbol(_model.GetSymbolInfo(node).Symbol, node);
        base.VisitObjectCreationExpression(node);
    }

    public override void VisitElementAccessExpression(ElementAccessExpressionSyntax node)
    {
        CheckSymbol(_model.GetSymbolInfo(node).Symbol, node.ArgumentList);
        base.VisitElementAccessExpression(node);
    }

    public override void VisitForEachStatement(ForEachStatementSyntax node)
    {
        CheckSymbol(_model.GetForEachStatementInfo(node).GetEnumeratorMethod, node.Expression);
        base.VisitForEachStatement(node);
    }

    private bool IsNameOf(SyntaxNode node) => _model.GetSymbolInfo(node).Symbol is null;

    private void CheckName(SimpleNameSyntax node)
    {
        // What a pattern reads of a value is read like any other member; what names an argument is not.
        if (node.IsVar || node.Parent is NameEqualsSyntax or NameColonSyntax { Parent: not SubpatternSyntax })
            return;
        var symbol = _model.GetSymbolInfo(node).Symbol;
        if (symbol is INamespaceSymbol)
            return;
        // A type that only qualifies a member is judged with the member: DateTimeOffset may be used, DateTimeOffset.Now not.
        SyntaxNode whole = node.Parent is MemberAccessExpressionSyntax self && self.Name == node ? self : node;
        if (symbol is ITypeSymbol && whole.Parent is MemberAccessExpressionSyntax access && access.Expression == whole)
            return;
        if (IsTypeToConvert(node))
            return;
        CheckSymbol(symbol, node);
        if (_model.GetTypeInfo(node).Type?.TypeKind == TypeKind.Dynamic)
            Refuse(node.GetLocation(), Advice.Reflection, "'dynamic' is not for routing logic");
    }

    // A converter has to have this parameter; what it would ask of it is judged by itself.
    private bool IsTypeToConvert(SimpleNameSyntax node) => node.Identifier.Text == "Type"
        && node.Parent is ParameterSyntax { Parent.Parent: MethodDeclarationSyntax method }
        && _model.GetDeclaredSymbol(method) is IMethodSymbol { IsOverride: true, Name: "Read" or "ReadAsPropertyName", ContainingType: { } type } && Inheritance.IsConverter(type);

    // What a type converts to by itself is called as well: DateTime to DateTimeOffset reads the machine's time zone.
    private void CheckConversion(ExpressionSyntax expression)
    {
        if (_model.GetConversion(expression) is { IsUserDefined: true, MethodSymbol: { } method })
            CheckSymbol(method, expression);
        if (_model.GetTypeInfo(expression) is { ConvertedType.SpecialType: SpecialType.System_Object, Type: { } type } && TextRules.OfObject(type) is { } text)
            Refuse(expression.GetLocation(), text.Advice, text.What);
    }

    private void CheckSymbol(ISymbol? symbol, SyntaxNode use)
    {
        if (symbol is null or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ILabelSymbol or ITypeParameterSymbol or IAliasSymbol
            or IDiscardSymbol or IErrorTypeSymbol or IArrayTypeSymbol or IDynamicTypeSymbol or IPointerTypeSymbol or IFunctionPointerTypeSymbol)
            return;
        symbol = (symbol as IMethodSymbol)?.ReducedFrom ?? symbol;
        if (_special.Find(symbol, use) is { } special)
        {
            if (special != SpecialRules.Fine)
                Refuse(use.GetLocation(), special.Advice, special.What);
            return;
        }

        symbol = symbol.OriginalDefinition;
        if (symbol.IsInSource() || symbol is INamedTypeSymbol { IsAnonymousType: true } || symbol.ContainingType is { IsAnonymousType: true })
            return;
        if (!_known.TryGetValue(symbol, out var advice))
            _known[symbol] = advice = Judge(symbol);
        if (advice is not null)
            Refuse(use.GetLocation(), advice, $"{Shown(symbol)} is not for routing logic");
    }

    private static Advice? Judge(ISymbol symbol)
    {
        foreach (string name in SymbolNames.Of(symbol))
        {
            if (ApiRules.TryFind(name, out var advice))
                return advice;
        }

        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        return type is not null && IsException(type) ? null : Advice.Unknown;
    }

    internal static bool IsException(ITypeSymbol? type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
                return true;
        }

        return false;
    }

    private static string Shown(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => type.Name,
        IMethodSymbol { MethodKind: MethodKind.Constructor } m => m.ContainingType.Name,
        _ when symbol.ContainingType is { } type => $"{type.Name}.{symbol.Name}",
        _ => symbol.Name,
    };

    // One mistake is often several symbols (the type and its member): it is said once a line.
    private void Refuse(Location location, Advice advice, string what)
    {
        if (_isEveryPlaceSaid || _said.Add((location.GetLineSpan().StartLinePosition.Line, advice.Id)))
            _report(location, advice.Id, $"{what}: {advice.Text}.");
    }
}
