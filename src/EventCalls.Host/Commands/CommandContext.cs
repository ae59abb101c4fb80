using EventCalls.Host.Configuration;

namespace EventCalls.Host.Commands;

/// <summary>What a command works with: it writes to these and nowhere else.</summary>
/// <param name="Overrides">What the command line says about the configuration.</param>
/// <param name="Folder">The working folder.</param>
/// <param name="Out">Data.</param>
/// <param name="Error">Messages for people.</param>
/// <param name="Time">The clock.</param>
internal sealed record CommandContext(CommandLineOverrides Overrides, string Folder, TextWriter Out, TextWriter Error, TimeProvider Time)
{
    /// <summary>The configuration.</summary>
    /// <exception cref="SettingsException">It cannot be used.</exception>
    public Settings LoadSettings() => SettingsSource.Load(Overrides, Folder);
}
