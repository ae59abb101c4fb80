using System.Diagnostics.CodeAnalysis;

namespace EventCalls.Routing.Loading.CheckPoints;

/// <summary>As <see cref="StringComparer.OrdinalIgnoreCase"/>, with hash codes that are the same in every process, so that frozen collections keep their order.</summary>
internal sealed class IgnoringCase : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    public static readonly IgnoringCase Comparer = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase);

    public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.Equals(other, StringComparison.OrdinalIgnoreCase);

    public int GetHashCode([DisallowNull] string obj) => GetHashCode(obj.AsSpan());

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();

    // FNV-1a over the upper-case forms. Characters beyond the first plane, whose case takes two of these, all count as one.
    public int GetHashCode(ReadOnlySpan<char> alternate)
    {
        uint hash = 2166136261;
        foreach (char c in alternate)
            hash = unchecked((hash ^ (char.IsSurrogate(c) ? '\uD800' : char.ToUpperInvariant(c))) * 16777619);
        return (int)hash;
    }
}
