using EventCalls.Host.Composition;
using EventCalls.Host.Configuration;
using EventCalls.Store;

namespace EventCalls.Host.Commands;

/// <summary>The event store that the configuration names, for commands that read it.</summary>
internal static class ConfiguredStore
{
    /// <summary>Opens it; nothing is created or changed in it.</summary>
    /// <exception cref="SettingsException">The configuration cannot be used.</exception>
    public static ICallStore Open(CommandContext context)
    {
        try
        {
            return StoreChoice.Open(context.LoadSettings().Store);
        }
        catch (ArgumentException e)
        {
            throw new SettingsException([e.Message]);
        }
    }
}
