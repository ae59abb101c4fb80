using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Tells values that the code at hand has made itself, so that writing to them changes nothing that others see.</summary>
internal sealed class Freshness(Func<SyntaxTree, SemanticModel> models)
{
    private readonly Dictionary<ISymbol, List<IOperation?>> _assigned = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _asking = new(SymbolEqualityComparer.Default);

    /// <summary>Notes what a local variable is given; null for something unknown.</summary>
    public void Note(ILocalSymbol local, IOperation? value)
    {
        if (!_assigned.TryGetValue(local, out var values))
            _assigned[local] = values = [];
        values.Add(value);
    }

    /// <summary>Whether a value was made here.</summary>
    public bool Is(IOperation? value) => Bare(value) switch
    {
        IObjectCreationOperation or IArrayCreationOperation or ICollectionExpressionOperation or ITypeParameterObjectCreationOperation => true,
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } => true,
        // A look into a new array is as new as the array.
        IInvocationOperation { TargetMethod: { Name: "AsSpan" or "Slice" } } slice => Is(slice.Instance ?? slice.Arguments.FirstOrDefault()?.Value),
        IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType.Name: "Span" or "Memory" }, Instance: { } whole } => Is(whole),
        IImplicitIndexerReferenceOperation { Instance: { } whole, Type.Name: "Span" or "Memory" } => Is(whole),
        IInvocationOperation { TargetMethod: { } method } => !method.IsInSource() && Makes(method),
        IConditionalOperation { WhenTrue: { } a, WhenFalse: { } b } => Is(a) && Is(b),
        ICoalesceOperation c => Is(c.Value) && Is(c.WhenNull),
        ILocalReferenceOperation { Local: { IsRef: false } local } => IsLocal(local),
        IOperation { Syntax: StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax } => true,
        _ => false,
    };

    /// <summary>Whether a field, or the field behind a property, keeps to the end what its initializer made.</summary>
    public bool IsMadeWith(ISymbol member)
    {
        bool stays = member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null };
        if (!stays || member.DeclaringSyntaxReferences is not [{ } reference])
            return false;
        var value = reference.GetSyntax() switch
        {
            VariableDeclaratorSyntax { Initializer.Value: { } v } => v,
            PropertyDeclarationSyntax { Initializer.Value: { } v } => v,
            _ => null,
        };
        return value is not null && Is(models(value.SyntaxTree).GetOperation(value));
    }

    public static IOperation? Bare(IOperation? value)
    {
        while (true)
        {
            switch (value)
            {
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } when Filled(value) is { } member:
                    value = member;
                    break;
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation inner:
                    value = inner.Operand;
                    break;
                case IFieldInitializerOperation or IVariableInitializerOperation or IPropertyInitializerOperation:
                    value = ((ISymbolInitializerOperation)value).Value;
                    break;
                default:
                    return value;
            }
        }
    }

    // new Box { Items = { 1 } } makes a box, and adds to the items it has.
    private static IOperation? Filled(IOperation receiver)
    {
        var at = receiver.Parent;
        while (at is not (null or IObjectOrCollectionInitializerOperation))
            at = at.Parent;
        return (at?.Parent as IMemberInitializerOperation)?.InitializedMember;
    }

    // What gives back a collection or a format of its own each time.
    private static bool Makes(IMethodSymbol method) => method.Name is "ToArray" or "ToList" or "ToDictionary" or "ToHashSet" or "ToLookup" or "Split" or "GetBytes" or "GetChars" or "ToCharArray" or "HashData"
        or "FromHexString" or "FromBase64String" or "ToByteArray" or "FindAll" or "ConvertAll" or "GetRange" or "Clone" or "GetAddressBytes" or "GetValues" or "GetNames" or "Chunk";

    private bool IsLocal(ILocalSymbol local)
    {
        if (!_assigned.TryGetValue(local, out var values) || !_asking.Add(local))
            return false;
        bool all = values.TrueForAll(v => Is(v));
        _asking.Remove(local);
        return all;
    }
}
