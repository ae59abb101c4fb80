using System.Runtime.InteropServices;
using EventCalls.Contracts;

namespace EventCalls.Routing.Canary;

/// <summary>Which calls a challenger decides.</summary>
public static class CanaryShare
{
    private const int Percents = 100;

    /// <summary>Whether the call belongs to the challenger's share. The same call, or caller, always does; and who does at a share does at every larger one.</summary>
    public static bool Has(CanaryRecord canary, CallStarted started)
    {
        ArgumentNullException.ThrowIfNull(canary);
        ArgumentNullException.ThrowIfNull(started);
        // With the version in it, not the same people are the first each time.
        ulong hash = Hash(14695981039346656037, canary.Challenger);
        if (canary.Plan.Split == CanarySplit.Caller && started.CallerNumber.Length > 0)
        {
            hash = Hash(hash, started.CallerNumber);
        }
        else
        {
            Span<byte> id = stackalloc byte[16];
            started.CallId.TryWriteBytes(id, bigEndian: true, out _);
            hash = Hash(hash, id);
        }
        return Mixed(hash) % Percents < (ulong)canary.Share;
    }

    private static ulong Hash(ulong hash, string text) => Hash(hash, MemoryMarshal.AsBytes(text.AsSpan()));

    // FNV-1a.
    private static ulong Hash(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    // Its low bits alone are not even enough.
    private static ulong Mixed(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
