using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Allows memory on the stack where its size is known, so that no method needs more than the check point before it has made sure of.</summary>
internal static class StackAlloc
{
    private const int MaxBytes = 8192;
    private const int MaxInline = 256;

    public static (Advice Advice, string What)? Find(SemanticModel model, ExpressionSyntax allocation)
    {
        if (allocation.FirstAncestorOrSelf<SyntaxNode>(IsLoopOrMethod) is not (MemberDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax) and { } loop)
            return (Advice.StackSize, "'stackalloc' in a loop is not for routing logic");
        var member = allocation.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        long total = 0;
        foreach (var each in member?.DescendantNodes().OfType<ExpressionSyntax>().Where(Is) ?? [])
        {
            if (Size(model, each) is not { } size)
                return each == allocation ? (Advice.StackSize, "'stackalloc' of a size that is not constant is not for routing logic") : null;
            total += size;
        }

        return total > MaxBytes ? (Advice.StackSize, $"'stackalloc' of {total} bytes in one method is not for routing logic") : null;
    }

    /// <summary>What is wrong with an inline array, which lies on the stack as a whole; null when nothing.</summary>
    public static (Advice Advice, string What)? FindInline(SemanticModel model, StructDeclarationSyntax declaration)
    {
        if (model.GetDeclaredSymbol(declaration) is not INamedTypeSymbol type || type.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == "InlineArrayAttribute") is not { } inline)
            return null;
        var element = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => !f.IsStatic)?.Type;
        bool isSmall = element is { IsReferenceType: true } or { TypeKind: TypeKind.Enum } or { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_Double };
        return isSmall && inline.ConstructorArguments is [{ Value: int and <= MaxInline }]
            ? null
            : (Advice.InlineArray, $"{type.Name}, an inline array of {inline.ConstructorArguments.FirstOrDefault().Value} {element?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, is not for routing logic");
    }

    public static bool Is(ExpressionSyntax expression) => expression is StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax;

    private static bool IsLoopOrMethod(SyntaxNode node) => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax
        or MemberDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax;

    private static long? Size(SemanticModel model, ExpressionSyntax allocation)
    {
        var (count, initializer) = allocation switch
        {
            StackAllocArrayCreationExpressionSyntax { Type: ArrayTypeSyntax { RankSpecifiers: [{ Sizes: [{ } size] }] } } typed => (size, typed.Initializer),
            ImplicitStackAllocArrayCreationExpressionSyntax bare => (null, bare.Initializer),
            _ => (null, null),
        };
        long? length = count is not null and not OmittedArraySizeExpressionSyntax
            ? model.GetConstantValue(count) is { HasValue: true, Value: int given } ? given : null
            : initializer?.Expressions.Count;
        var element = model.GetTypeInfo(allocation) is { Type: INamedTypeSymbol { TypeArguments: [{ } e] } } ? e : (model.GetTypeInfo(allocation).Type as IPointerTypeSymbol)?.PointedAtType
            ?? (model.GetTypeInfo(allocation).ConvertedType as INamedTypeSymbol)?.TypeArguments.FirstOrDefault();
        int bytes = element?.SpecialType switch
        {
            SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte => 1,
            SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16 => 2,
            SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
            SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double or SpecialType.System_DateTime => 8,
            // A struct of one's own may be of any size; none that logic needs on the stack is larger.
            _ => 64,
        };
        return length * bytes;
    }
}
