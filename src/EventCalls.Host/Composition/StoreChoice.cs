using System.Runtime.CompilerServices;
using EventCalls.Marten;
using EventCalls.Store;

namespace EventCalls.Host.Composition;

/// <summary>Opens the store that the options name.</summary>
internal static class StoreChoice
{
    /// <summary>Makes the store; nothing is connected to before its first use.</summary>
    /// <exception cref="ArgumentException">A setting is not usable; the message names it and what would be right.</exception>
    public static ICallStore Open(StoreOptions options) => options.Postgres is null ? SqliteStore.Open(options) : OpenMarten(options);

    // A method of its own, so that a process with SQLite loads nothing of Marten.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ICallStore OpenMarten(StoreOptions options) => MartenStore.Open(options);
}
