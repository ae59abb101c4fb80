using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Which types the sources give for the type parameters of their generic classes, and so what a static field of type T may hold.</summary>
internal sealed class GivenTypes(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees)
{
    private const int MostTypes = 64;

    private Dictionary<ITypeParameterSymbol, HashSet<ITypeSymbol>>? _given;

    /// <summary>What a type comes to, with all that is given for its parameters; null when that cannot be seen.</summary>
    public IReadOnlyList<ITypeSymbol>? Of(ITypeSymbol type) => Of(type, []);

    private IReadOnlyList<ITypeSymbol>? Of(ITypeSymbol type, IReadOnlyList<ITypeParameterSymbol> within)
    {
        switch (type)
        {
            case ITypeParameterSymbol parameter:
                return Given(parameter, within);
            case IArrayTypeSymbol array:
                return Of(array.ElementType, within)?.Select(t => (ITypeSymbol)compilation.CreateArrayTypeSymbol(t, array.Rank)).ToList();
            case INamedTypeSymbol { IsGenericType: true, ContainingType: null or { IsGenericType: false } } named:
                IEnumerable<ITypeSymbol[]> combined = [[]];
                foreach (var argument in named.TypeArguments)
                {
                    if (Of(argument, within) is not { } all)
                        return null;
                    combined = combined.SelectMany(before => all.Select(t => before.Append(t).ToArray()));
                }

                var made = combined.Take(MostTypes + 1).Select(c => (ITypeSymbol)named.OriginalDefinition.Construct(c)).ToList();
                return made.Count > MostTypes ? null : made;
            default:
                return type is INamedTypeSymbol { ContainingType: { IsGenericType: true } outer } && HasParameter(outer) ? null : [type];
        }
    }

    private static bool HasParameter(ITypeSymbol type) => type is ITypeParameterSymbol || (type is INamedTypeSymbol named && named.TypeArguments.Any(HasParameter));

    private IReadOnlyList<ITypeSymbol>? Given(ITypeParameterSymbol parameter, IReadOnlyList<ITypeParameterSymbol> within)
    {
        _given ??= Find();
        if (!IsSeen(parameter) || !_given.TryGetValue(parameter, out var given) || within.Count > 8)
            return null;
        var all = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var type in given)
        {
            if (type is ITypeParameterSymbol again && within.Append(parameter).Contains(again, SymbolEqualityComparer.Default))
                continue;
            // List<T> given for T would go on without end; it ends with the depth.
            if (Of(type, [.. within, parameter]) is not { } further)
                return null;
            all.UnionWith(further);
        }

        return all.Count is > 0 and <= MostTypes ? [.. all] : null;
    }

    // Of what is called by way of another method, or without being named, the types that are given cannot be seen.
    private static bool IsSeen(ITypeParameterSymbol parameter) => parameter.ContainingSymbol switch
    {
        INamedTypeSymbol type => type.TypeKind is TypeKind.Class or TypeKind.Struct,
        IMethodSymbol method => method is { IsVirtual: false, IsAbstract: false, IsOverride: false, ExplicitInterfaceImplementations.IsEmpty: true, Name: not ("GetEnumerator" or "Deconstruct" or "Add" or "Dispose") }
            && (method.MethodKind == MethodKind.LocalFunction || !(method.ContainingType is { } owner && (owner.TypeKind is not (TypeKind.Class or TypeKind.Struct)
                || owner.AllInterfaces.Any(i => i.GetMembers(method.Name).Length > 0)))),
        _ => false,
    };

    private Dictionary<ITypeParameterSymbol, HashSet<ITypeSymbol>> Find()
    {
        _given = new(SymbolEqualityComparer.Default);
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>())
            {
                Note(model.GetSymbolInfo(node).Symbol);
                Note(model.GetTypeInfo(node).Type);
            }
        }

        return _given;
    }

    private void Note(ISymbol? symbol)
    {
        if (symbol is IMethodSymbol method)
            Note((method.ReducedFrom ?? method).OriginalDefinition.TypeParameters, method.TypeArguments);
        if (symbol is IArrayTypeSymbol array)
            Note(array.ElementType);
        for (var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType; type is not null; type = type.ContainingType)
            Note(type.OriginalDefinition.TypeParameters, type.TypeArguments);
    }

    private void Note(IReadOnlyList<ITypeParameterSymbol> parameters, IReadOnlyList<ITypeSymbol> arguments)
    {
        for (int i = 0; i < Math.Min(parameters.Count, arguments.Count); i++)
        {
            if (arguments[i] is IErrorTypeSymbol)
                continue;
            if (!_given!.TryGetValue(parameters[i], out var given))
                _given[parameters[i]] = given = new(SymbolEqualityComparer.Default);
            if (given.Add(arguments[i]))
                Note(arguments[i]);
        }
    }
}
