using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>
/// Refuses static fields of generic classes that are made of each other in a circle: the runtime initializes such a class when it is first touched, so that the call
/// which comes first says what they are for all others. Classes that are not generic are initialized before any call, always in the same order.
/// </summary>
internal sealed class GenericStatics
{
    private readonly Compilation _compilation;
    private readonly Dictionary<INamedTypeSymbol, HashSet<INamedTypeSymbol>> _made = new(SymbolEqualityComparer.Default);

    private GenericStatics(Compilation compilation) => _compilation = compilation;

    /// <summary>Looks at every generic class of the sources.</summary>
    /// <param name="compilation">What the compiler made of them.</param>
    /// <param name="trees">The sources themselves, without what generators added.</param>
    /// <param name="refuse">Takes what is refused.</param>
    public static void Check(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees, Action<Location?, Advice, string> refuse)
    {
        var statics = new GenericStatics(compilation);
        var found = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var declaration in tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>())
            {
                if (model.GetDeclaredSymbol(declaration) is INamedTypeSymbol type && IsGeneric(type) && found.Add(type) && statics.WayBack(type) is { } other)
                    refuse(declaration.Identifier.GetLocation(), Advice.Order, $"{type.Name}, whose static fields are made of those of {other}, which are made of them again, is not for routing logic");
            }
        }
    }

    private static bool IsGeneric(INamedTypeSymbol type) => type.IsGenericType || (type.ContainingType is { } outer && IsGeneric(outer));

    // The class over which the static fields of this one are made of themselves; null when they are not.
    private string? WayBack(INamedTypeSymbol type)
    {
        foreach (var first in MadeOf(type))
        {
            var seen = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
            var next = new Stack<INamedTypeSymbol>([first]);
            while (next.Count > 0)
            {
                var at = next.Pop();
                if (SymbolEqualityComparer.Default.Equals(at, type))
                    return first.Name;
                if (!seen.Add(at))
                    continue;
                foreach (var further in MadeOf(at))
                    next.Push(further);
            }
        }

        return null;
    }

    private HashSet<INamedTypeSymbol> MadeOf(INamedTypeSymbol type)
    {
        if (_made.TryGetValue(type, out var made))
            return made;
        _made[type] = made = new(SymbolEqualityComparer.Default);
        var looked = new HashSet<SyntaxNode>();
        var left = new Stack<SyntaxNode>(type.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<TypeDeclarationSyntax>().SelectMany(Initializers));
        while (left.Count > 0)
        {
            var node = left.Pop();
            if (!looked.Add(node))
                continue;
            var model = _compilation.GetSemanticModel(node.SyntaxTree);
            foreach (var symbol in node.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Select(e => model.GetSymbolInfo(e).Symbol))
            {
                if (symbol is not (IFieldSymbol { IsConst: false } or IPropertySymbol or IMethodSymbol) || !symbol.IsInSource())
                    continue;
                if (symbol.IsStatic && symbol is not IMethodSymbol && IsGeneric(symbol.ContainingType) && !SymbolEqualityComparer.Default.Equals(symbol.ContainingType, type))
                    made.Add(symbol.ContainingType.OriginalDefinition);
                if (symbol is IFieldSymbol)
                    continue;
                foreach (var reached in Implementations(symbol.OriginalDefinition).Prepend(symbol.OriginalDefinition))
                {
                    foreach (var reference in reached.DeclaringSyntaxReferences)
                        left.Push(reference.GetSyntax());
                }
            }
        }

        return made;
    }

    // What a call of an abstract or virtual member may come to: T.Make() is that of any type that has one.
    private IEnumerable<ISymbol> Implementations(ISymbol member) => member.IsAbstract || member.IsVirtual || member.IsOverride
        ? _compilation.GetSymbolsWithName(n => n == member.Name || n.EndsWith("." + member.Name, StringComparison.Ordinal), SymbolFilter.Member).Where(s => s.Kind == member.Kind)
        : [];

    // What runs when the class is first touched.
    private static IEnumerable<SyntaxNode> Initializers(TypeDeclarationSyntax type) => type.Members.SelectMany(IEnumerable<SyntaxNode> (member) => member switch
    {
        FieldDeclarationSyntax f when IsStatic(f) => f.Declaration.Variables.Where(v => v.Initializer is not null).Select(v => v.Initializer!),
        PropertyDeclarationSyntax { Initializer: { } initial } p when IsStatic(p) => [initial],
        ConstructorDeclarationSyntax c when IsStatic(c) => [c],
        _ => [],
    });

    private static bool IsStatic(MemberDeclarationSyntax member) => member.Modifiers.Any(m => m.Text == "static");
}
