using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Finds what the source does without naming it: members that patterns read, and conversions of elements, tuples and method groups.</summary>
internal sealed class OperationRules(SemanticModel model, Action<ISymbol?, SyntaxNode> check, Action<Location, Advice, string> refuse) : OperationWalker
{
    /// <summary>Looks at all code of a file.</summary>
    public void Check(SyntaxNode node)
    {
        if (node is MemberDeclarationSyntax member)
            Overridden(model.GetDeclaredSymbol(member), member);
        if (model.GetOperation(node) is { } operation)
        {
            Visit(operation);
            return;
        }

        foreach (var child in node.ChildNodes())
            Check(child);
    }

    public override void DefaultVisit(IOperation operation)
    {
        Look(operation);
        base.DefaultVisit(operation);
    }

    private void Look(IOperation operation)
    {
        switch (operation)
        {
            case IMethodReferenceOperation group:
                Look(group);
                break;
            case IPropertySubpatternOperation { Member: IMemberReferenceOperation member } subpattern:
                check(member.Member, subpattern.Syntax);
                break;
            case IRecursivePatternOperation pattern:
                check(pattern.DeconstructSymbol, pattern.Syntax);
                Convert(pattern.InputType, (pattern.DeclaredSymbol as ILocalSymbol)?.Type, pattern.Syntax);
                break;
            case IDeclarationPatternOperation pattern:
                Convert(pattern.InputType, (pattern.DeclaredSymbol as ILocalSymbol)?.Type, pattern.Syntax);
                break;
            case IListPatternOperation pattern:
                Convert(pattern.InputType, (pattern.DeclaredSymbol as ILocalSymbol)?.Type, pattern.Syntax);
                break;
            case IConversionOperation conversion:
                check(conversion.OperatorMethod, conversion.Syntax);
                if (!IsAsked(conversion))
                    Convert(conversion.Operand.Type, conversion.Type, conversion.Syntax);
                break;
            case IArgumentOperation { Parameter: { Type.Name: "DateTimeKind" or "DateTimeStyles" } parameter, ArgumentKind: ArgumentKind.Explicit } argument:
                Look(argument, parameter);
                break;
            case IForEachLoopOperation { Syntax: CommonForEachStatementSyntax each } loop:
                Look(loop, each);
                break;
            case IDeconstructionAssignmentOperation { Syntax: AssignmentExpressionSyntax assignment } deconstruction:
                Deconstruct(model.GetDeconstructionInfo(assignment), assignment);
                Convert(deconstruction.Value.Type, deconstruction.Target.Type, assignment);
                break;
            case ISpreadOperation { Operand.Type: { } spreading } spread when HashOrdered.Is(spreading):
                Refuse(HashOrdered.Refused(spreading, " as a sequence"), spread.Syntax);
                break;
            case IInvocationOperation call when HashOrdered.Find(call.TargetMethod) is { } ordered:
                Refuse(ordered, call.Syntax);
                break;
            case ISpreadOperation { Parent: ICollectionExpressionOperation whole } spread:
                check(spread.ElementConversion.MethodSymbol, spread.Syntax);
                Convert(spread.ElementType, (whole.Type as IArrayTypeSymbol)?.ElementType ?? (whole.Type as INamedTypeSymbol)?.TypeArguments.FirstOrDefault(), spread.Syntax);
                break;
        }
    }

    // set == null, and dictionary.GetValueOrDefault(key), which is written for an interface.
    private static bool IsAsked(IConversionOperation conversion) => conversion.IsImplicit && HashOrdered.Is(conversion.Operand.Type)
        && conversion.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals }
            or IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "GetValueOrDefault", ContainingType.Name: "CollectionExtensions" or "ImmutableDictionary" } } };

    private void Refuse((Advice Advice, string What) found, SyntaxNode use) => refuse(use.GetLocation(), found.Advice, found.What);

    // However it was come by, it is used here.
    private void Look(IArgumentOperation argument, IParameterSymbol parameter)
    {
        bool isKind = parameter.Type.Name == "DateTimeKind";
        if (argument.Value.ConstantValue is { HasValue: true, Value: int value } && (isKind ? value is 0 or 1 : (value & (int)System.Globalization.DateTimeStyles.AssumeLocal) == 0))
            return;
        if (isKind && argument.Value is IPropertyReferenceOperation { Property: { Name: "Kind", ContainingType.SpecialType: SpecialType.System_DateTime } })
            return;
        if (!parameter.ContainingSymbol.IsInSource())
            refuse(argument.Syntax.GetLocation(), isKind ? Advice.Kind : Advice.Styles, $"A {parameter.Type.Name} that is not constant is not for routing logic");
    }

    // With which arguments a method group will be called cannot be seen.
    private void Look(IMethodReferenceOperation group)
    {
        check(group.Method, group.Syntax);
        if (SpecialRules.Group(group.Method) is { } special)
            refuse(group.Syntax.GetLocation(), special.Advice, special.What);
        if (group.Parent is not IDelegateCreationOperation { Type: INamedTypeSymbol { DelegateInvokeMethod: { } invoke } })
            return;
        Convert(group.Method.ReturnType, invoke.ReturnType, group.Syntax);
        foreach (var (given, taken) in invoke.Parameters.Zip(group.Method.Parameters))
            Convert(given.Type, taken.Type, group.Syntax);
    }

    private void Look(IForEachLoopOperation loop, CommonForEachStatementSyntax each)
    {
        var info = model.GetForEachStatementInfo(each);
        check(info.GetEnumeratorMethod, each.Expression);
        check(info.ElementConversion.MethodSymbol, each.Expression);
        check(info.CurrentConversion.MethodSymbol, each.Expression);
        if (loop.LoopControlVariable is IVariableDeclaratorOperation { Symbol.Type: { } type })
            Convert(info.ElementType, type, each.Expression);
        else
            Convert(info.ElementType, loop.LoopControlVariable.Type, each.Expression);
        if (each is ForEachVariableStatementSyntax parts)
            Deconstruct(model.GetDeconstructionInfo(parts), each.Expression);
    }

    private void Deconstruct(DeconstructionInfo info, SyntaxNode use)
    {
        check(info.Method, use);
        if (info.Conversion is { MethodSymbol: { } conversion })
            check(conversion, use);
        foreach (var part in info.Nested)
            Deconstruct(part, use);
    }

    // An override may give back something more particular, which those who call the method it overrides take for less.
    private void Overridden(ISymbol? member, MemberDeclarationSyntax use)
    {
        if (member is IMethodSymbol { OverriddenMethod: { } method } own)
            Convert(own.ReturnType, method.ReturnType, use);
        else if (member is IPropertySymbol { OverriddenProperty: { } property } mine)
            Convert(mine.Type, property.Type, use);
    }

    private void Convert(ITypeSymbol? from, ITypeSymbol? to, SyntaxNode use)
    {
        if (from is null || to is null || SymbolEqualityComparer.Default.Equals(from, to))
            return;
        if (from is INamedTypeSymbol { IsTupleType: true } given && to is INamedTypeSymbol { IsTupleType: true } taken && given.TupleElements.Length == taken.TupleElements.Length)
        {
            foreach (var (a, b) in given.TupleElements.Zip(taken.TupleElements))
                Convert(a.Type, b.Type, use);
            return;
        }

        check(model.Compilation.ClassifyConversion(from, to).MethodSymbol, use);
        if (to is { SpecialType: SpecialType.System_Object } or { Name: "IFormattable" } && !ExceptionRules.IsIn(from) && TextRules.OfObject(from) is { } text)
            refuse(use.GetLocation(), text.Advice, text.What);
        if (HashOrdered.IsIn(from) && !HashOrdered.IsIn(to))
            Refuse(HashOrdered.Refused(from, $" as {to.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}"), use);
        if (ExceptionRules.IsIn(from) && !ExceptionRules.IsIn(to))
            refuse(use.GetLocation(), Advice.Trace, "An exception as an object or text, with its stack trace, is not for routing logic");
        if (TimeRules.IsDateTime(from) && (to is { SpecialType: SpecialType.System_Object or SpecialType.System_ValueType } or { Name: "IFormattable" or "ISpanFormattable" or "IUtf8SpanFormattable" }))
            refuse(use.GetLocation(), Advice.BoxedTime, "A DateTime as an object is not for routing logic");
    }
}
