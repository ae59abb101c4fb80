using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Rules that a name alone does not decide.</summary>
internal sealed class SpecialRules(SemanticModel model)
{
    /// <summary>What a piece of syntax does wrong; null when nothing.</summary>
    public (Advice Advice, string What)? Find(SyntaxNode node) => node switch
    {
        AwaitExpressionSyntax => (Advice.Threads, "'await' is not for routing logic"),
        LockStatementSyntax => (Advice.Threads, "'lock' is not for routing logic"),
        MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.AsyncKeyword) => (Advice.Threads, "'async' is not for routing logic"),
        LocalFunctionStatementSyntax local when local.Modifiers.Any(SyntaxKind.AsyncKeyword) => (Advice.Threads, "'async' is not for routing logic"),
        AnonymousFunctionExpressionSyntax lambda when lambda.Modifiers.Any(SyntaxKind.AsyncKeyword) => (Advice.Threads, "'async' is not for routing logic"),
        CommonForEachStatementSyntax each when each.AwaitKeyword.IsKind(SyntaxKind.AwaitKeyword) => (Advice.Threads, "'await foreach' is not for routing logic"),
        StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax => (Advice.Unsafe, "'stackalloc' is not for routing logic"),
        UnsafeStatementSyntax or FixedStatementSyntax => (Advice.Unsafe, "Unsafe code is not for routing logic"),
        DestructorDeclarationSyntax => (Advice.Threads, "A finalizer is not for routing logic"),
        MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.ExternKeyword) => (Advice.Unsafe, "'extern' is not for routing logic"),
        MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.UnsafeKeyword) => (Advice.Unsafe, "Unsafe code is not for routing logic"),
        CastExpressionSyntax cast when model.GetSymbolInfo(cast).Symbol is IMethodSymbol { Name: "op_Explicit" or "op_Implicit" } m && IsDateTimeOffset(m.ContainingType) =>
            (Advice.LocalTime, "Converting a DateTime to a DateTimeOffset is not for routing logic"),
        InterpolationSyntax hole when LogicRules.IsException(model.GetTypeInfo(hole.Expression).Type) =>
            (Advice.Trace, "An exception as text, with its stack trace, is not for routing logic"),
        BaseObjectCreationExpressionSyntax creation when IsInConstructorInitializer(creation) => (Advice.Recursion, "An object made for a base or another constructor is not for routing logic"),
        InvocationExpressionSyntax call when model.GetSymbolInfo(call).Symbol is IMethodSymbol method => Call(call, method),
        _ => null,
    };

    /// <summary>What the use of a symbol does wrong; null when nothing.</summary>
    public (Advice Advice, string What)? Find(ISymbol symbol, SyntaxNode use) => symbol switch
    {
        IMethodSymbol { Name: "GetHashCode" } or { ContainingType.Name: "HashCode" } or INamedTypeSymbol { Name: "HashCode" } when IsInGetHashCode(use) => Fine,
        IMethodSymbol { Name: "GetHashCode" } m => (Advice.HashCode, $"{m.ContainingType.Name}.GetHashCode is not for routing logic"),
        IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type.Name: "DateTime" }] } m when IsDateTimeOffset(m.ContainingType) =>
            (Advice.LocalTime, "A DateTimeOffset made of a DateTime without an offset is not for routing logic"),
        IMethodSymbol { ContainingType.Name: "TimeZoneInfo" } m when AssumesLocalTime(m) =>
            (Advice.LocalTime, $"TimeZoneInfo.{m.Name} of a DateTime without its zone is not for routing logic"),
        IMethodSymbol { ContainingType.Name: "Regex" } m when m.Parameters.Any(p => p.Type.Name == "TimeSpan") =>
            (Advice.Clock, "A regular expression with a time limit is not for routing logic (decisions have one already)"),
        _ => null,
    };

    /// <summary>Stands for "looked at, and allowed".</summary>
    public static readonly (Advice Advice, string What) Fine = (Advice.Unknown, "");

    private (Advice, string)? Call(InvocationExpressionSyntax call, IMethodSymbol method)
    {
        if (method.Name is "ParseExact" or "TryParseExact" && method.ContainingType is { Name: "DateTime" or "DateTimeOffset" or "DateOnly" } type
            && !IsWholeFormat(call, method, type.Name))
            return (Advice.ImplicitDate, $"{type.Name}.{method.Name} with this format is not for routing logic");
        if (method.TypeArguments.Any(LogicRules.IsException) && method.ContainingType.Name == nameof(ConversationState))
            return (Advice.Trace, "An exception in the state, with its stack trace, is not for routing logic");
        if (method.ReturnType is INamedTypeSymbol { Name: "FrozenDictionary" or "FrozenSet", TypeArguments: [{ } key, ..] } frozen && !IsPlainKey(key))
            return (Advice.HashOrder, $"{frozen.Name} with keys of type {key.Name} is not for routing logic");
        return null;
    }

    private bool IsWholeFormat(InvocationExpressionSyntax call, IMethodSymbol method, string type)
    {
        int index = method.Parameters.ToList().FindIndex(p => p.Name is "format");
        var argument = call.ArgumentList.Arguments.FirstOrDefault(a => a.NameColon?.Name.Identifier.Text == "format")
            ?? (index >= 0 && index < call.ArgumentList.Arguments.Count ? call.ArgumentList.Arguments[index] : null);
        if (argument is null || model.GetConstantValue(argument.Expression) is not { HasValue: true, Value: string format })
            return false;
        if (format.Length == 1)
            return type == "DateTimeOffset" ? format is "o" or "O" or "r" or "R" or "u" : format is "o" or "O" or "r" or "R" or "s" or "u";
        return format.Contains('y') && (type != "DateTimeOffset" || format.Contains('z') || format.Contains('K'));
    }

    // A DateTime that does not say what it is counts as the machine's local time.
    private static bool AssumesLocalTime(IMethodSymbol method) => method switch
    {
        { Name: "ConvertTimeToUtc", Parameters.Length: 1 } => true,
        { Name: "ConvertTime" or "ConvertTimeBySystemTimeZoneId", Parameters: [{ Type.Name: "DateTime" }, _] } => true,
        _ => false,
    };

    private static bool IsPlainKey(ITypeSymbol type) =>
        type.SpecialType is not (SpecialType.None or SpecialType.System_Object) || type.TypeKind == TypeKind.Enum || type is { Name: "Guid" or "DateOnly" or "TimeOnly" or "TimeSpan" };

    private bool IsInGetHashCode(SyntaxNode use) =>
        use.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault() is { Identifier.Text: "GetHashCode" } method
        && model.GetDeclaredSymbol(method) is { IsOverride: true } or { Parameters.Length: 1 };

    // No check point comes before these, so that a class which makes one of its own kind here would overflow the stack.
    private bool IsInConstructorInitializer(BaseObjectCreationExpressionSyntax creation) =>
        creation.FirstAncestorOrSelf<SyntaxNode>(n => n is ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax or StatementSyntax) is not (null or StatementSyntax)
        && model.GetTypeInfo(creation).Type is { } type && type.Locations.Any(l => l.IsInSource);

    private static bool IsDateTimeOffset(INamedTypeSymbol type) => type is { Name: "DateTimeOffset", ContainingNamespace.Name: "System" };
}
