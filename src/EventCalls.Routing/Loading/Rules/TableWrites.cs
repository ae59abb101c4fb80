using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>
/// All places of the sources that write to a collection, by the type they do it through. A static table is constant when none of them can
/// mean it: nothing of the process but the sources gets hold of it, and types cannot be got around without reflection or unsafe code.
/// </summary>
internal sealed class TableWrites : OperationWalker
{
    private readonly Compilation _compilation;
    private readonly Freshness _fresh;
    private readonly Dictionary<ISymbol, Location> _members = new(SymbolEqualityComparer.Default);
    private readonly List<(ITypeSymbol Type, Location Where)> _types = [];
    private readonly List<(IOperation Target, Location Where)> _found = [];

    private TableWrites(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees, Freshness fresh)
    {
        _compilation = compilation;
        _fresh = fresh;
        Given = new GivenTypes(compilation, trees);
    }

    /// <summary>What the sources give for type parameters.</summary>
    public GivenTypes Given { get; }

    /// <summary>The meaning of each file.</summary>
    public Func<SyntaxTree, SemanticModel> Models => tree => _compilation.GetSemanticModel(tree);

    /// <summary>Finds the writes in these files.</summary>
    public static TableWrites Find(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees)
    {
        var writes = new TableWrites(compilation, trees, new Freshness(tree => compilation.GetSemanticModel(tree)));
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            writes.Look(model, tree.GetRoot());
            foreach (var reference in tree.GetRoot().DescendantNodes().OfType<RefExpressionSyntax>().Where(r => !IsReadOnly(r)))
                writes.Referred(model, reference);
        }

        // Whether a variable holds what was made here is known once all of its assignments are.
        foreach (var (target, where) in writes._found)
            writes.Sort(target, where);
        return writes;
    }

    /// <summary>Where something may write to what a static field holds; null when nowhere.</summary>
    public Location? To(IFieldSymbol field)
    {
        ISymbol member = field.AssociatedSymbol ?? field;
        if (_members.TryGetValue(member, out var where))
            return where;
        return _fresh.IsMadeWith(member) ? ToType(field.Type) : To(field.Type);
    }

    /// <summary>Where something may write to values of a type; null when nowhere.</summary>
    public Location? To(ITypeSymbol type) =>
        ToType(type) ?? _members.Where(m => Comes(type).Any(t => AreRelated(TypeOf(m.Key), t))).Select(m => m.Value).FirstOrDefault();

    /// <summary>Whether the initializer of a static field shows what it is: a new collection, and not something else behind an interface.</summary>
    public bool IsMadeWith(IFieldSymbol field) => _fresh.IsMadeWith(field.AssociatedSymbol ?? field);

    /// <summary>Whether a static field holds one of the comparers that the framework has for all.</summary>
    public bool IsOfFramework(IFieldSymbol field) => (field.AssociatedSymbol ?? field).DeclaringSyntaxReferences is [{ } reference]
        && reference.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value }
        && Freshness.Bare(Models(value.SyntaxTree).GetOperation(value)) is IPropertyReferenceOperation { Property: { ContainingType: { Name: var owner, ContainingNamespace.Name: "System" or "Generic" }, Name: var name, Locations: [{ IsInSource: false }, ..] } }
        && (owner is "StringComparer" ? name is "Ordinal" or "OrdinalIgnoreCase" : owner is "EqualityComparer" or "Comparer" && name == "Default");

    public override void DefaultVisit(IOperation operation)
    {
        Look(operation);
        base.DefaultVisit(operation);
    }

    private static ITypeSymbol TypeOf(ISymbol member) => (member as IFieldSymbol)?.Type ?? ((IPropertySymbol)member).Type;

    private Location? ToType(ITypeSymbol type) => _types.Where(w => Comes(type).Any(t => AreRelated(w.Type, t))).Select(w => w.Where).FirstOrDefault();

    private IReadOnlyList<ITypeSymbol> Comes(ITypeSymbol type) => HasTypeParameter(type) && Given.Of(type) is { } all ? all : [type];

    private bool AreRelated(ITypeSymbol written, ITypeSymbol type)
    {
        if (written is ITypeParameterSymbol || written.SpecialType == SpecialType.System_Object || written.Name == "Array")
            return true;
        if (TableTypes.IsPart(written, type))
            return true;
        if (written is INamedTypeSymbol { Name: "Span" or "Memory" or "ArraySegment", TypeArguments: [{ } element] })
            return type is IArrayTypeSymbol array && (element is ITypeParameterSymbol || _compilation.ClassifyConversion(element, array.ElementType) is { Exists: true, IsUserDefined: false, IsNumeric: false });
        if (HasTypeParameter(written))
            return (written is IArrayTypeSymbol && type is IArrayTypeSymbol) || Definitions(written).Contains(type.OriginalDefinition, SymbolEqualityComparer.Default)
                || Definitions(type).Contains(written.OriginalDefinition, SymbolEqualityComparer.Default);
        return IsReference(_compilation.ClassifyConversion(written, type)) || IsReference(_compilation.ClassifyConversion(type, written));
    }

    private static bool IsReference(CommonConversion conversion) => conversion.IsIdentity || (conversion.IsReference && conversion.IsImplicit);

    private static bool IsReference(Conversion conversion) => conversion.IsIdentity || (conversion.IsReference && conversion.IsImplicit);

    private static IEnumerable<ISymbol> Definitions(ITypeSymbol type) => type.AllInterfaces.Select(i => i.OriginalDefinition).Prepend(type.OriginalDefinition);

    private static bool HasTypeParameter(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol array => HasTypeParameter(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(HasTypeParameter),
        _ => false,
    };

    private void Look(SemanticModel model, SyntaxNode node)
    {
        if (node is BaseTypeDeclarationSyntax declaration && model.GetDeclaredSymbol(declaration) is { } type)
            Derived(type);
        if (model.GetOperation(node) is { } operation)
        {
            Visit(operation);
            return;
        }

        foreach (var child in node.ChildNodes())
            Look(model, child);
    }

    // What derives from a collection, or stands for one, may do anything when it is only read.
    private void Derived(INamedTypeSymbol type)
    {
        var where = type.Locations[0];
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (TableTypes.Is(parent))
                _types.Add((parent, where));
            else if (parent.Name is "JsonConverter" or "JsonNamingPolicy" or "JsonConverterFactory" && type.GetMembers().OfType<IFieldSymbol>().Any(f => !f.IsConst)
                && _compilation.GetTypeByMetadataName("System.Text.Json.JsonSerializerOptions") is { } options)
                _types.AddRange([(options, where), (parent, where)]);
        }

        foreach (var face in type.AllInterfaces.Where(TableTypes.IsReadOnlyInterface))
            _types.Add((face, where));
    }

    private void Look(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Symbol: { } local } declarator:
                if ((declarator.GetVariableInitializer() ?? (IOperation?)declarator.Initializer) is ISymbolInitializerOperation initial)
                    _fresh.Note(local, initial.Value);
                else if (declarator.Parent is IForEachLoopOperation)
                    _fresh.Note(local, null);
                break;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { } local } } assignment:
                _fresh.Note(local, assignment.Value);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                Deconstructed(deconstruction.Target);
                break;
            case IAssignmentOperation assignment:
                Element(assignment.Target, operation);
                break;
            case IIncrementOrDecrementOperation step:
                Element(step.Target, operation);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument:
                Element(argument.Value, operation);
                if (argument.Value is ILocalReferenceOperation { Local: { } given })
                    _fresh.Note(given, null);
                break;
            case IArgumentOperation { Parameter: { } parameter, ArgumentKind: ArgumentKind.Explicit } argument:
                Passed(argument, parameter);
                break;
            case IInvocationOperation { Instance: { } instance } call:
                Called(instance, call.TargetMethod, operation);
                break;
            case IMethodReferenceOperation group:
                Group(group);
                break;
            case IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation { Symbol.RefKind: RefKind.Ref }, Collection: { } all }:
                Write(all, operation);
                break;
        }

        if (operation is IObjectCreationOperation or IInvocationOperation && operation.Type is { } made && TableTypes.Is(made) && HasOtherComparer(operation))
            _types.Add((made, operation.Syntax.GetLocation()));
    }

    // Whoever holds a reference may write through it.
    private void Referred(SemanticModel model, RefExpressionSyntax reference)
    {
        if (model.GetOperation(reference.Expression) is { } referred)
            Element(Freshness.Bare(referred), referred);
    }

    private static bool IsReadOnly(RefExpressionSyntax reference)
    {
        var holder = reference.Parent is EqualsValueClauseSyntax { Parent.Parent: VariableDeclarationSyntax declared } ? declared.Type
            : reference.FirstAncestorOrSelf<SyntaxNode>(n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax) switch
            {
                _ when reference.Parent is not (ReturnStatementSyntax or ArrowExpressionClauseSyntax) => null,
                LocalFunctionStatementSyntax local => local.ReturnType,
                MethodDeclarationSyntax method => method.ReturnType,
                BasePropertyDeclarationSyntax property => property.Type,
                _ => null,
            };
        return holder is RefTypeSyntax { ReadOnlyKeyword.RawKind: not 0 };
    }

    private void Deconstructed(IOperation target)
    {
        if (target is ITupleOperation tuple)
        {
            foreach (var element in tuple.Elements)
                Deconstructed(element);
        }
        else if (target is ILocalReferenceOperation { Local: { } local })
        {
            _fresh.Note(local, null);
        }
        else if (target is not IDeclarationExpressionOperation)
        {
            Element(target, target);
        }
        else if (target is IDeclarationExpressionOperation { Expression: { } declared })
        {
            Deconstructed(declared);
        }
    }

    // A part of a struct in an array is a part of the array.
    private void Element(IOperation? target, IOperation place)
    {
        while (target is IFieldReferenceOperation { Instance: { Type.IsValueType: true } whole } || (target is IPropertyReferenceOperation { Property.IsIndexer: false, Instance: { Type.IsValueType: true } part } && (whole = part) is not null))
            target = whole;
        switch (target)
        {
            case IArrayElementReferenceOperation element:
                Write(element.ArrayReference, place);
                break;
            case IImplicitIndexerReferenceOperation { Instance: { } instance }:
                Write(instance, place);
                break;
            case IPropertyReferenceOperation { Instance: { } instance, Property: var property } when property.IsIndexer || TableTypes.IsWritable(instance.Type):
                Write(instance, place);
                break;
        }
    }

    private void Passed(IArgumentOperation argument, IParameterSymbol parameter)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method || method.IsInSource() || !TableTypes.IsWritable(parameter.Type) || TableTypes.IsReader(method, parameter))
            return;
        Write(argument.Value, argument);
    }

    private void Called(IOperation instance, IMethodSymbol method, IOperation place)
    {
        if (TableTypes.IsWritable(instance.Type) && !TableTypes.IsReading(method.Name))
            Write(instance, place);
        else if (instance.Type is INamedTypeSymbol { IsValueType: true } type && !method.IsReadOnly && method.IsInSource() && SelfChange.MayBeIn(type, Models))
            Element(instance, place);
    }

    private void Group(IMethodReferenceOperation group)
    {
        if (group.Instance is { } instance)
            Called(instance, group.Method, group);
        if (group.Method.IsInSource())
            return;
        foreach (var parameter in group.Method.Parameters.Where(p => TableTypes.IsWritable(p.Type) && !TableTypes.IsReader(group.Method, p)))
            _types.Add((parameter.Type, group.Syntax.GetLocation()));
    }

    private static bool HasOtherComparer(IOperation made)
    {
        var arguments = made is IObjectCreationOperation creation ? creation.Arguments : ((IInvocationOperation)made).Arguments;
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Type.Name is not ("IEqualityComparer" or "IComparer" or "Comparison") || argument.ArgumentKind == ArgumentKind.DefaultValue)
                continue;
            if (Freshness.Bare(argument.Value) is not (IPropertyReferenceOperation { Property: { ContainingType.Name: "StringComparer", Name: "Ordinal" or "OrdinalIgnoreCase" } }
                or ILiteralOperation { ConstantValue.Value: null } or IDefaultValueOperation))
                return true;
        }

        return false;
    }

    private void Write(IOperation target, IOperation place) => _found.Add((target, place.Syntax.GetLocation()));

    private void Sort(IOperation target, Location where)
    {
        var bare = Freshness.Bare(target);
        // What options hold is a part of them.
        while (bare is IPropertyReferenceOperation { Instance: { Type: { } owner } inner } && TableTypes.IsSettings(owner))
            bare = Freshness.Bare(inner);
        if (_fresh.Is(bare))
            return;
        ISymbol? member = bare switch
        {
            IFieldReferenceOperation field => field.Field.OriginalDefinition,
            IPropertyReferenceOperation property => property.Property.OriginalDefinition,
            _ => null,
        };
        if (member is not null && _fresh.IsMadeWith(member))
            _members.TryAdd(member, where);
        else if (bare?.Type is { } type)
            _types.Add((type, where));
    }
}
