#pragma warning disable IDE0130 // These stand in for members of the framework, where the rules look for them.

namespace System.Runtime.CompilerServices
{
    /// <summary>What the compiler asks for in records.</summary>
    internal static class IsExternalInit;
}

namespace System
{
    /// <summary>What the compiler asks for in list patterns.</summary>
    internal readonly struct Index(int value, bool fromEnd = false)
    {
        public int GetOffset(int length) => fromEnd ? length - value : value;
    }
}

namespace System.Collections.Generic
{
    internal static class NewerDictionary
    {
        public static bool TryAdd<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, TKey key, TValue value)
        {
            if (dictionary.ContainsKey(key))
                return false;
            dictionary.Add(key, value);
            return true;
        }
    }
}

namespace System.Linq
{
    internal static class NewerLinq
    {
        public static IEnumerable<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second) =>
            first.Zip(second, (a, b) => (a, b));
    }
}
