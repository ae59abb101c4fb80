using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Types whose objects could be written to, but serve as constant tables when nothing does.</summary>
internal static class TableTypes
{
    private static readonly HashSet<string> s_collections = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.List", "System.Collections.Generic.Dictionary", "System.Collections.Generic.HashSet", "System.Collections.Generic.SortedDictionary",
        "System.Collections.Generic.SortedList", "System.Collections.Generic.SortedSet", "System.Collections.Generic.OrderedDictionary",
        "System.Collections.ObjectModel.ReadOnlyCollection", "System.Collections.ObjectModel.ReadOnlyDictionary", "System.Collections.ObjectModel.ReadOnlySet",
    };

    // Set up in an initializer and only read from then on.
    private static readonly HashSet<string> s_settings = new(StringComparer.Ordinal)
    {
        "System.Text.Json.JsonSerializerOptions", "System.Globalization.NumberFormatInfo", "System.Globalization.DateTimeFormatInfo", "System.Globalization.CultureInfo",
    };

    private static readonly HashSet<string> s_readOnly = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IReadOnlyList", "System.Collections.Generic.IReadOnlyDictionary", "System.Collections.Generic.IReadOnlyCollection",
        "System.Collections.Generic.IReadOnlySet", "System.Linq.ILookup",
    };

    private static readonly HashSet<string> s_writable = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IList", "System.Collections.Generic.ICollection", "System.Collections.Generic.IDictionary", "System.Collections.Generic.ISet",
        "System.Collections.IList", "System.Collections.IDictionary", "System.Array", "System.Span", "System.Memory", "System.ArraySegment",
    };

    /// <summary>Members of writable types that only read.</summary>
    private static readonly HashSet<string> s_reading = new(StringComparer.Ordinal)
    {
        "ContainsKey", "ContainsValue", "Contains", "TryGetValue", "IndexOf", "LastIndexOf", "IndexOfKey", "IndexOfValue", "Find", "FindAll", "FindIndex", "FindLast", "FindLastIndex", "Exists", "TrueForAll",
        "BinarySearch", "GetEnumerator", "ToArray", "ForEach", "GetRange", "ConvertAll", "Slice", "AsReadOnly", "ToString", "Equals", "Overlaps", "SetEquals", "IsSubsetOf",
        "IsSupersetOf", "IsProperSubsetOf", "IsProperSupersetOf", "GetLength", "GetLowerBound", "GetUpperBound", "GetAt", "GetKeyAtIndex", "GetValueAtIndex", "TryGetAlternateLookup", "GetAlternateLookup",
        "GetType", "GetFormat", "GetConverter", "AsSpan", "AsMemory",
    };

    /// <summary>Methods of the framework that take a writable type and only read it.</summary>
    private static readonly HashSet<string> s_readers = new(StringComparer.Ordinal)
    {
        "System.String", "System.BitConverter", "System.Convert", "System.Guid", "System.Net.IPAddress", "System.Numerics.BigInteger", "System.Collections.Immutable.ImmutableArray",
        "System.Array.IndexOf", "System.Array.LastIndexOf", "System.Array.BinarySearch", "System.Array.Exists", "System.Array.Find", "System.Array.FindAll", "System.Array.FindIndex",
        "System.Array.FindLast", "System.Array.FindLastIndex", "System.Array.TrueForAll", "System.Array.ConvertAll", "System.Array.ForEach", "System.Array.AsReadOnly",
        "System.Text.Encoding.GetString", "System.Text.Encoding.GetCharCount", "System.Text.Encoding.GetByteCount", "System.MemoryExtensions.AsSpan", "System.MemoryExtensions.AsMemory",
        "System.ReadOnlySpan", "System.ReadOnlyMemory", "System.Span.op_Implicit", "System.Memory.op_Implicit", "System.Collections.ObjectModel", "System.Text.Json.JsonSerializer",
        "System.Security.Cryptography.SHA256.HashData", "System.Security.Cryptography.SHA384.HashData", "System.Security.Cryptography.SHA512.HashData",
        "System.Security.Cryptography.SHA1.HashData", "System.Security.Cryptography.MD5.HashData", "System.Security.Cryptography.HMACSHA256.HashData", "System.Security.Cryptography.HMACSHA512.HashData",
        "System.Security.Cryptography.HMACSHA1.HashData", "System.Security.Cryptography.CryptographicOperations.FixedTimeEquals",
        "EventCalls.Routing", "System.Linq.Enumerable", "System.Collections.Frozen", "System.Collections.Immutable", "System.Decimal", "System.Buffers.SearchValues", "System.Text.StringBuilder.Append",
        "System.Text.StringBuilder.AppendJoin", "System.Text.StringBuilder.AppendFormat", "System.Globalization",
        "System.DateOnly", "System.DateTime", "System.DateTimeOffset", "System.TimeOnly", "System.TimeSpan",
    };

    /// <summary>Whether values of a type can be constant tables.</summary>
    public static bool Is(ITypeSymbol type) => type is IArrayTypeSymbol || (type is INamedTypeSymbol named && (IsCollection(named) || IsSettings(named) || s_readOnly.Contains(Name(named))));

    /// <summary>Whether it is an interface that shows what may lie behind as something to read.</summary>
    public static bool IsReadOnlyInterface(ITypeSymbol type) => type is INamedTypeSymbol named && s_readOnly.Contains(Name(named));

    public static bool IsCollection(INamedTypeSymbol type) => s_collections.Contains(Name(type));

    public static bool IsSettings(ITypeSymbol type) => type is INamedTypeSymbol named && s_settings.Contains(Name(named));

    /// <summary>Whether settings hand out what is a part of them, so that writing to the part changes them.</summary>
    public static bool IsPart(ITypeSymbol part, ITypeSymbol whole) => whole.Name switch
    {
        "CultureInfo" => part.Name is "NumberFormatInfo" or "DateTimeFormatInfo",
        "JsonSerializerOptions" => part is INamedTypeSymbol { Name: "IList" or "ICollection", TypeArguments: [{ Name: "JsonConverter" }] },
        _ => false,
    };

    /// <summary>Whether a value may be written to by way of this type.</summary>
    public static bool IsWritable(ITypeSymbol? type) => type is IArrayTypeSymbol
        || (type is INamedTypeSymbol named && (IsCollection(named) || IsSettings(named) || s_writable.Contains(Name(named))));

    public static bool IsReading(string member) => s_reading.Contains(member);

    /// <summary>Whether a method of the framework leaves what it is given as it is.</summary>
    public static bool IsReader(IMethodSymbol method, IParameterSymbol parameter)
    {
        // What is given to be filled.
        if (method.Name is "CopyTo" or "TryCopyTo" or "ToBase64CharArray" || (parameter.Type.Name is "Span" or "Memory" && method.Name is not "op_Implicit"))
            return false;
        // A collection made of another one is a copy.
        return (method.MethodKind == MethodKind.Constructor && method.ContainingNamespace.ToDisplayString() == "System.Collections.Generic") || SymbolNames.Of(method).Any(s_readers.Contains);
    }

    private static string Name(INamedTypeSymbol type) => $"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}";
}
