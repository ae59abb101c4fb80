using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using EventCalls.Contracts;
using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading;

/// <summary>What routing logic is compiled against: the framework and the routing API, and nothing else of the process.</summary>
internal static class LogicReferences
{
    // More than logic may use: what it may not (files, sockets, threads) should meet a rule that says what to use instead,
    // not "the name does not exist".
    private static readonly string[] s_framework =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.Collections.Immutable", "System.Collections.Concurrent", "System.Collections.Specialized",
        "System.Linq", "System.Linq.Parallel", "System.Linq.Queryable", "System.Memory", "System.Text.RegularExpressions", "System.Text.Json", "System.Runtime.Numerics",
        "System.Private.Uri", "System.Web.HttpUtility", "System.Console", "System.Net.Http", "System.Net.NameResolution", "System.Net.Primitives", "System.Net.Sockets",
        "System.Diagnostics.Process", "System.Runtime.InteropServices", "System.Runtime.Extensions", "System.Threading",
        "System.Threading.Thread", "System.Threading.Tasks.Parallel", "System.Linq.Expressions", "System.Reflection", "System.IO.FileSystem",
        "System.Security.Cryptography", "System.ComponentModel.Primitives", "System.ObjectModel", "netstandard",
    ];

    private static readonly Lazy<ImmutableArray<MetadataReference>> s_all = new(Load);

    public static ImmutableArray<MetadataReference> All => s_all.Value;

    private static ImmutableArray<MetadataReference> Load() =>
    [
        .. s_framework.Select(name => Of(Assembly.Load(name))),
        Of(typeof(RoutingLogic).Assembly),
        Of(typeof(CallEvent).Assembly),
    ];

    // From memory, not from a path: in a single-file build there are no files beside the executable.
    private static unsafe MetadataReference Of(Assembly assembly)
    {
        if (!assembly.TryGetRawMetadata(out byte* blob, out int length))
            throw new InvalidOperationException($"The metadata of {assembly.GetName().Name} cannot be read.");
        return AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((IntPtr)blob, length)).GetReference(display: assembly.GetName().Name);
    }
}
