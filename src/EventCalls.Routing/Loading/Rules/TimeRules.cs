using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>What times, their texts and their zones tell of the machine.</summary>
internal static class TimeRules
{
    public static bool IsDateTime(ITypeSymbol? type) => type is INamedTypeSymbol { SpecialType: SpecialType.System_DateTime }
        or INamedTypeSymbol { Name: "Nullable", TypeArguments: [{ SpecialType: SpecialType.System_DateTime }] };

    /// <summary>Whether a value may turn out to be a <see cref="DateTime"/>.</summary>
    public static bool MayBeDateTime(ITypeSymbol? type) => IsDateTime(type)
        || type is { SpecialType: SpecialType.System_Object or SpecialType.System_ValueType } or { TypeKind: TypeKind.Interface or TypeKind.TypeParameter };

    /// <summary>Whether a <see cref="DateTime"/> in this format shows the machine's time zone.</summary>
    public static bool IsLocal(string? format) => format is not null && (format == "U" || Specifiers(format).Contains('z'));

    /// <summary>Whether a composite format (<c>{0:zzz}</c>) has such a format.</summary>
    public static bool IsLocalComposite(string format) => s_hole.Matches(format).Cast<Match>().Any(m => IsLocal(m.Groups[1].Value));

    /// <summary>A format without its quoted and escaped text.</summary>
    public static string Specifiers(string format) => s_quoted.Replace(format, "");

    /// <summary>Whether an id may name the same zone on every machine, and no file of this one.</summary>
    public static bool IsZone(string id)
    {
        // Under posix and right lie the same zones a second time, on some machines.
        foreach (string part in new[] { "localtime", "posixrules", "posix/", "right/" })
        {
            if (id.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0)
                return false;
        }

        return id.Length > 0 && IsLetter(id[0]) && id[id.Length - 1] != '/' && id.IndexOf("//", StringComparison.Ordinal) < 0
            && id.All(c => IsLetter(c) || c is (>= '0' and <= '9') or '_' or '+' or '-' or '/')
            && !id.Equals("local", StringComparison.OrdinalIgnoreCase) && !id.Equals("Factory", StringComparison.OrdinalIgnoreCase);

        static bool IsLetter(char c) => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');
    }

    /// <summary>Whether reading a type from JSON may read a time: one without an offset takes the machine's, one with an offset is converted to it.</summary>
    public static bool IsIn(ITypeSymbol type) => IsIn(type, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default));

    private static bool IsIn(ITypeSymbol type, HashSet<ITypeSymbol> within) => type switch
    {
        IArrayTypeSymbol array => IsIn(array.ElementType, within),
        ITypeParameterSymbol => true,
        INamedTypeSymbol { SpecialType: SpecialType.System_DateTime } or INamedTypeSymbol { Name: "DateTimeOffset", ContainingNamespace.Name: "System" } => true,
        INamedTypeSymbol named when within.Add(named) => named.TypeArguments.Any(t => IsIn(t, within)) || (named.IsInSource() && IsInMembers(named, within)),
        _ => false,
    };

    private static bool IsInMembers(INamedTypeSymbol type, HashSet<ITypeSymbol> within) =>
        type.GetMembers().Any(m => !m.IsStatic && (m as IPropertySymbol)?.Type is { } property && IsIn(property, within))
        || type.GetMembers().Any(m => !m.IsStatic && (m as IFieldSymbol)?.Type is { } field && IsIn(field, within))
        || (type.BaseType is { } parent && IsIn(parent, within))
        // What is read may be of a type that only an attribute names.
        || type.GetAttributes().SelectMany(a => a.ConstructorArguments).Any(a => a is { Kind: TypedConstantKind.Type, Value: ITypeSymbol named } && IsIn(named, within));

    // Not generated: the rules are also compiled for .NET Standard, which has no generator.
    private static readonly Regex s_quoted = new("""'[^']*'?|"[^"]*"?|\\.?""", RegexOptions.Singleline | RegexOptions.CultureInvariant);

    private static readonly Regex s_hole = new(@"\{[^{}:]*:([^{}]*)\}", RegexOptions.CultureInvariant);
}
