using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;

namespace EventCalls.Routing.Loading;

/// <summary>Compiled logic in this process, ready to run; unloaded once it is disposed and no decision of it runs any more.</summary>
internal sealed class LoadedLogic : IDisposable
{
    private readonly AssemblyLoadContext _context;

    private LoadedLogic(AssemblyLoadContext context, Assembly assembly, LogicEntry entry)
    {
        _context = context;
        Assembly = assembly;
        Entry = entry;
        StateJson = StateTimes.Options();
    }

    public Assembly Assembly { get; }

    public LogicEntry Entry { get; }

    public JsonSerializerOptions StateJson { get; }

    /// <summary>Loads, initializes and prepares it; null, and what the runtime does not take of it, when it cannot be used.</summary>
    public static LoadedLogic? Load(string version, LogicImage image, out LogicDiagnostic? error)
    {
        var context = new AssemblyLoadContext($"logic {version}", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(image.Code), new MemoryStream(image.Symbols));
        error = LogicPreparation.Run(assembly);
        if (error is null)
            return new LoadedLogic(context, assembly, LogicEntry.Of(assembly, image.Outline));
        context.Unload();
        return null;
    }

    public void Dispose() => _context.Unload();
}
