using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

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
        ExpressionSyntax allocation when StackAlloc.Is(allocation) => StackAlloc.Find(model, allocation),
        UnsafeStatementSyntax or FixedStatementSyntax => (Advice.Unsafe, "Unsafe code is not for routing logic"),
        DestructorDeclarationSyntax => (Advice.Threads, "A finalizer is not for routing logic"),
        MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.ExternKeyword) => (Advice.Unsafe, "'extern' is not for routing logic"),
        MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.UnsafeKeyword) => (Advice.Unsafe, "Unsafe code is not for routing logic"),
        MakeRefExpressionSyntax or RefTypeExpressionSyntax or RefValueExpressionSyntax => (Advice.Reflection, "A typed reference is not for routing logic"),
        CastExpressionSyntax cast when model.GetSymbolInfo(cast).Symbol is IMethodSymbol { Name: "op_Explicit" or "op_Implicit" } m && IsDateTimeOffset(m.ContainingType) =>
            (Advice.LocalTime, "Converting a DateTime to a DateTimeOffset is not for routing logic"),
        InterpolationSyntax hole when TextRules.OfObject(model.GetTypeInfo(hole.Expression).Type) is { } text => text,
        GenericNameSyntax generic when generic.TypeArgumentList.Arguments.Any(a => LogicRules.IsException(model.GetTypeInfo(a).Type)) => ExceptionAsText,
        ArrayTypeSyntax array when LogicRules.IsException(model.GetTypeInfo(array.ElementType).Type) => ExceptionAsText,
        ImplicitArrayCreationExpressionSyntax array when model.GetTypeInfo(array).Type is IArrayTypeSymbol made && LogicRules.IsException(made.ElementType) => ExceptionAsText,
        AnonymousObjectMemberDeclaratorSyntax member when LogicRules.IsException(model.GetTypeInfo(member.Expression).Type) => ExceptionAsText,
        ArgumentSyntax { Parent: TupleExpressionSyntax } item when LogicRules.IsException(model.GetTypeInfo(item.Expression).Type) => ExceptionAsText,
        ParameterSyntax { Parent.Parent: RecordDeclarationSyntax, Type: { } parameter } when LogicRules.IsException(model.GetTypeInfo(parameter).Type) => ExceptionAsText,
        BasePropertyDeclarationSyntax property when LogicRules.IsException(model.GetTypeInfo(property.Type).Type) => ExceptionAsText,
        VariableDeclarationSyntax { Parent: FieldDeclarationSyntax } field when LogicRules.IsException(model.GetTypeInfo(field.Type).Type) => ExceptionAsText,
        CastExpressionSyntax cast when model.GetTypeInfo(cast).Type is { Name: "DateTimeKind" } => (Advice.LocalTime, "A DateTimeKind made of a number is not for routing logic"),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } equality => Identity.Find(model, equality),
        InterpolationSyntax { FormatClause.FormatStringToken.ValueText: var format } hole when TimeRules.IsLocal(format) && TimeRules.MayBeDateTime(model.GetTypeInfo(hole.Expression).Type) => LocalFormat,
        StructDeclarationSyntax inline when StackAlloc.FindInline(model, inline) is { } large => large,
        TypeDeclarationSyntax type when model.GetDeclaredSymbol(type) is { } declared && HasEqualsOnly(declared) =>
            (Advice.HashCode, $"{declared.Name}, with an Equals but no GetHashCode of its own, is not for routing logic"),
        BaseObjectCreationExpressionSyntax creation when IsInConstructorInitializer(creation) => (Advice.Recursion, "An object made for a base or another constructor is not for routing logic"),
        InvocationExpressionSyntax call when model.GetSymbolInfo(call).Symbol is IMethodSymbol method => Call(call, method),
        _ => HashOrdered.Find(node, model),
    };

    /// <summary>What the use of a symbol does wrong; null when nothing.</summary>
    public (Advice Advice, string What)? Find(ISymbol symbol, SyntaxNode use) => symbol switch
    {
        { Name: "GetType" or "Name" } when IsNameOfType(use) => Fine,
        IMethodSymbol { ContainingType.Name: "IPAddress" or "IPNetwork", Name: "Parse" or "TryParse", Parameters: [{ Type: INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_Byte }] } }, ..] } m =>
            (Advice.Interfaces, $"{m.ContainingType.Name}.{m.Name} of bytes is not for routing logic"),
        IMethodSymbol { Name: "GetHashCode" } m => (Advice.HashCode, $"{m.ContainingType.Name}.GetHashCode is not for routing logic"),
        IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type.Name: "DateTime" }] } m when IsDateTimeOffset(m.ContainingType) =>
            (Advice.LocalTime, "A DateTimeOffset made of a DateTime without an offset is not for routing logic"),
        IMethodSymbol { MethodKind: MethodKind.Conversion, ContainingType.Name: "JsonNode" or "JsonValue" } m when TimeRules.IsIn(m.ReturnType) => JsonTime(m),
        IMethodSymbol { ContainingType.Name: "TimeZoneInfo" } m when AssumesLocalTime(m) =>
            (Advice.LocalTime, $"TimeZoneInfo.{m.Name} of a DateTime without its zone is not for routing logic"),
        IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [] } m when m.ContainingType.Name.StartsWith("HMAC", StringComparison.Ordinal) && !IsOwn(m) =>
            (Advice.Key, $"{m.ContainingType.Name} without a key is not for routing logic"),
        IMethodSymbol m when m.ReturnType.ContainingNamespace?.ToDisplayString() == "System.Threading.Tasks" && !IsOwn(m) =>
            (Advice.Threads, $"{m.ContainingType.Name}.{m.Name}, which gives a Task, is not for routing logic"),
        IMethodSymbol { ContainingType.Name: "Regex" or "GeneratedRegexAttribute" } m when m.Parameters.Any(p => p.Type.Name == "TimeSpan" || p.Name == "matchTimeoutMilliseconds") =>
            (Advice.Clock, "A regular expression with a time limit is not for routing logic (decisions have one already)"),
        _ => HashOrdered.Find(symbol),
    };

    /// <summary>Stands for "looked at, and allowed".</summary>
    public static readonly (Advice Advice, string What) Fine = (Advice.Unknown, "");

    private (Advice, string)? Call(InvocationExpressionSyntax call, IMethodSymbol method)
    {
        if (IsParseExact(method) && !IsWholeFormat(call, method.ContainingType.Name))
            return (Advice.ImplicitDate, $"{method.ContainingType.Name}.{method.Name} with this format is not for routing logic");
        if (method.TypeArguments.Any(LogicRules.IsException))
            return ExceptionAsText;
        if (method is { Name: "ReplaceLineEndings", Parameters.Length: 0 })
            return (Advice.LineEnd, "String.ReplaceLineEndings without what to put there is not for routing logic");
        if (FormatsTime(method) && !HasPlainFormat(call))
            return LocalFormat;
        if (FormatsObjects(method) && Constant(call, "format") is { } composite && TimeRules.IsLocalComposite(composite))
            return LocalFormat;
        if (method is { Name: "Parse", ContainingType.Name: "CompositeFormat" } && Constant(call, "format") is null)
            return LocalFormat;
        if (NamesZone(method) && method.Parameters.Any(p => p.Type.SpecialType == SpecialType.System_String && Constant(call, p.Name) is { } id && !TimeRules.IsZone(id)))
            return (Advice.Zone, $"TimeZoneInfo.{method.Name} with this id is not for routing logic");
        if (ReadsTime(method))
            return JsonTime(method);
        if (TakesComparer(method) && OtherComparer(call) is { } comparer)
            return (Advice.HashOrder, $"{method.ReturnType.Name} with the comparer {comparer}, other than StringComparer.Ordinal or OrdinalIgnoreCase, is not for routing logic");
        return null;
    }

    /// <summary>What a method group does wrong by being one, since the arguments decide; null when nothing.</summary>
    public static (Advice Advice, string What)? Group(IMethodSymbol method)
    {
        method = method.ReducedFrom ?? method;
        string shown = $"{method.ContainingType.Name}.{method.Name} as a delegate is not for routing logic (call it where the arguments can be seen)";
        if (IsParseExact(method))
            return (Advice.ImplicitDate, shown);
        if (FormatsTime(method) || FormatsObjects(method))
            return (Advice.LocalTime, shown);
        if (ReadsTime(method))
            return JsonTime(method);
        if (method.TypeArguments.Any(LogicRules.IsException))
            return ExceptionAsText;
        if (method is { Name: "ReplaceLineEndings", Parameters.Length: 0 })
            return (Advice.LineEnd, shown);
        if (method.Parameters.Any(p => p.Type.Name is "DateTimeKind" or "DateTimeStyles") && !IsOwn(method))
            return (Advice.Kind, shown);
        if (TakesComparer(method) && method.Parameters.Any(p => IsComparer(p.Type)))
            return (Advice.HashOrder, shown);
        return null;
    }

    private static bool IsOwn(ISymbol symbol) => symbol.IsInSource() || symbol.ContainingType.IsInSource();

    private static bool IsParseExact(IMethodSymbol method) =>
        method.Name is "ParseExact" or "TryParseExact" && method.ContainingType is { Name: "DateTime" or "DateTimeOffset" or "DateOnly" };

    private static bool FormatsTime(IMethodSymbol method) => method is { Name: "ToString" or "TryFormat" }
        && (TimeRules.IsDateTime(method.ContainingType) || method.ContainingType.Name is "IFormattable" or "ISpanFormattable" or "IUtf8SpanFormattable")
        && method.Parameters.Any(p => p.Name == "format");

    private static bool FormatsObjects(IMethodSymbol method) => method.ContainingType.Name is "String" or "StringBuilder" or "CompositeFormat" or "TextWriter" or "MemoryExtensions"
        && method.Parameters.Any(p => p.Name == "format");

    private static bool NamesZone(IMethodSymbol method) => method.ContainingType is { Name: "TimeZoneInfo" } && method.Name.Contains("SystemTimeZone", StringComparison.Ordinal);

    private static bool ReadsTime(IMethodSymbol method)
    {
        string type = method.ContainingType.ToDisplayString();
        return type.StartsWith("System.Text.Json.", StringComparison.Ordinal) && method.Name is not ("Serialize" or "SerializeToElement" or "SerializeToNode" or "SerializeToDocument" or "SerializeToUtf8Bytes" or "Create" or "Add")
            && (method.TypeArguments.Any(TimeRules.IsIn) || method.Parameters.Any(p => p.Type.ToDisplayString() is "System.Type" or "System.Type?"));
    }

    private static (Advice, string)? JsonTime(IMethodSymbol method) =>
        (Advice.JsonTime, $"{method.ContainingType.Name}.{method.Name} of a DateTime or DateTimeOffset, or of a type that may hold one, is not for routing logic");

    private static bool TakesComparer(IMethodSymbol method) =>
        method.ReturnType.ContainingNamespace?.ToDisplayString() is "System.Collections.Frozen" or "System.Collections.Immutable";

    private static bool IsComparer(ITypeSymbol type) => type.Name is "IEqualityComparer" or "IComparer";

    private string? Constant(InvocationExpressionSyntax call, string parameter) =>
        (model.GetOperation(call) as IInvocationOperation)?.Arguments.FirstOrDefault(a => a.Parameter?.Name == parameter)?.Value.ConstantValue is { HasValue: true, Value: string text } ? text : null;

    private bool IsWholeFormat(InvocationExpressionSyntax call, string type)
    {
        var argument = (model.GetOperation(call) as IInvocationOperation)?.Arguments.FirstOrDefault(a => a.Parameter?.Name is "format" or "formats");
        return argument is not null && Formats(argument.Value) is { Count: > 0 } formats && formats.All(f => IsWholeFormat(f, type, IsAdjusted(call)));
    }

    private static bool IsWholeFormat(string given, string type, bool isAdjusted)
    {
        string format = TimeRules.Specifiers(given);
        if (type == "DateTime" && (format is "o" or "O" || format.Contains('z') || format.Contains('K')) && !isAdjusted)
            return false;
        if (given.Length == 1)
            return type == "DateTimeOffset" ? format is "o" or "O" or "r" or "R" or "u" : format is "o" or "O" or "r" or "R" or "s" or "u";
        return format.Contains('y') && (type != "DateTimeOffset" || format.Contains('z') || format.Contains('K'));
    }

    // The formats when all are constants: one, or several in an array that is written out here or in a static readonly field.
    private List<string>? Formats(IOperation value)
    {
        value = Freshness.Bare(value)!;
        if (value.ConstantValue is { HasValue: true, Value: string one })
            return [one];
        if (value is IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true, DeclaringSyntaxReferences: [{ } reference] } }
            && reference.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } written }
            && model.Compilation.GetSemanticModel(written.SyntaxTree).GetOperation(written) is { } initial)
            value = Freshness.Bare(initial)!;
        var elements = value switch
        {
            IArrayCreationOperation { Initializer: { } made } => made.ElementValues,
            ICollectionExpressionOperation made => made.Elements,
            IArrayInitializerOperation made => made.ElementValues,
            _ => [],
        };
        var formats = elements.Select(e => Freshness.Bare(e)!.ConstantValue is { HasValue: true, Value: string text } ? text : null).ToList();
        return formats.Contains(null) ? null : [.. formats.OfType<string>()];
    }

    // value.GetType().Name and typeof(T).Name: the name of a type is the same everywhere.
    private static bool IsNameOfType(SyntaxNode use)
    {
        var name = use switch
        {
            { Parent: MemberAccessExpressionSyntax { Name: var right } access } when right == use => (ExpressionSyntax)access,
            { Parent: MemberBindingExpressionSyntax binding } => binding,
            _ => null,
        };
        return use is IdentifierNameSyntax { Identifier.Text: "Name" }
            ? name is MemberAccessExpressionSyntax { Expression: TypeOfExpressionSyntax or InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "GetType" } or MemberBindingExpressionSyntax { Name.Identifier.Text: "GetType" } or IdentifierNameSyntax { Identifier.Text: "GetType" } } }
            : (name ?? use as ExpressionSyntax)?.Parent is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Parent: MemberAccessExpressionSyntax { Name.Identifier.Text: "Name" } };
    }

    // A DateTime that does not say what it is counts as the machine's local time.
    private static bool AssumesLocalTime(IMethodSymbol method) => method switch
    {
        { Name: "ConvertTimeToUtc", Parameters.Length: 1 } => true,
        { Name: "ConvertTime" or "ConvertTimeBySystemTimeZoneId", Parameters: [{ Type.Name: "DateTime" }, _] } => true,
        _ => false,
    };

    private static readonly (Advice Advice, string What) ExceptionAsText =
        (Advice.Trace, "An exception among other values, with its stack trace, is not for routing logic");

    private static readonly (Advice Advice, string What) LocalFormat =
        (Advice.LocalTime, "A DateTime as text with its offset, or in a format that is not constant, is not for routing logic");

    // An offset in the text makes the machine's local time of it, unless it is told to be UTC.
    private bool IsAdjusted(InvocationExpressionSyntax call) => call.ArgumentList.Arguments.Any(a =>
        model.GetTypeInfo(a.Expression).Type is { Name: "DateTimeStyles" }
        && model.GetConstantValue(a.Expression) is { HasValue: true, Value: int styles } && (styles & (int)System.Globalization.DateTimeStyles.AdjustToUniversal) != 0);

    private bool HasPlainFormat(InvocationExpressionSyntax call) =>
        (model.GetOperation(call) as IInvocationOperation)?.Arguments.FirstOrDefault(a => a.Parameter?.Name == "format")?.Value is { ConstantValue: { HasValue: true } given }
        && !TimeRules.IsLocal(given.Value as string);

    // A comparer of the logic's own could count; one of a culture has hash codes that differ from run to run.
    private string? OtherComparer(InvocationExpressionSyntax call)
    {
        foreach (var argument in (model.GetOperation(call) as IInvocationOperation)?.Arguments ?? [])
        {
            if (argument.Parameter is not { } parameter || !IsComparer(parameter.Type) || argument.Value.ConstantValue is { HasValue: true, Value: null }
                || argument.ArgumentKind == ArgumentKind.DefaultValue)
                continue;
            var value = argument.Value is IConversionOperation conversion ? conversion.Operand : argument.Value;
            if (value is not IPropertyReferenceOperation { Property: { ContainingType.Name: "StringComparer", Name: "Ordinal" or "OrdinalIgnoreCase" } })
                return value.Syntax.ToString();
        }

        return null;
    }

    // What counts as equal by itself and is hashed by the framework comes out differently from run to run: in a set, two such values are one or two.
    private static bool HasEqualsOnly(INamedTypeSymbol type)
    {
        var methods = type.GetMembers().OfType<IMethodSymbol>().Where(m => !m.IsImplicitlyDeclared && !m.IsStatic).ToList();
        return methods.Exists(m => (m.Name == "Equals" || m.ExplicitInterfaceImplementations.Any(i => i.Name == "Equals")) && m.Parameters.Length == 1)
            && !methods.Exists(m => m is { Name: "GetHashCode", Parameters.Length: 0 });
    }

    // No check point comes before these, so that a class which makes one of its own kind here would overflow the stack.
    private bool IsInConstructorInitializer(BaseObjectCreationExpressionSyntax creation) =>
        creation.FirstAncestorOrSelf<SyntaxNode>(n => n is ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax or StatementSyntax) is not (null or StatementSyntax)
        && model.GetTypeInfo(creation).Type is { } type && type.IsInSource();

    private static bool IsDateTimeOffset(INamedTypeSymbol type) => type is { Name: "DateTimeOffset", ContainingNamespace.Name: "System" };
}
