using System.Security.Cryptography;
using System.Text;
using EventCalls.Contracts;

namespace EventCalls.Routing.Loading;

/// <summary>The version of routing logic: a hash of what it is, so that the same sources have the same version everywhere.</summary>
public static class LogicVersion
{
    /// <summary>SHA-256 over each path and text in ordinal order of the paths, each ended by a NUL; <c>sha256:</c> and 64 hex digits.</summary>
    public static string Of(IEnumerable<LogicSource> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources.OrderBy(s => s.Path, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(source.Path));
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(source.Text));
            hash.AppendData([0]);
        }

        return LogicVersionName.HashPrefix + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
