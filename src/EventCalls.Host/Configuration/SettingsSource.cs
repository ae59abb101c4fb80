using System.Text.Json;

namespace EventCalls.Host.Configuration;

/// <summary>Where the configuration comes from: a file, then the environment, then the command line; the later wins.</summary>
internal static class SettingsSource
{
    /// <summary>The file that is read when none is named.</summary>
    public const string FileName = "appsettings.json";

    /// <summary>Reads and checks all of it.</summary>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="folder">The working folder: relative paths are meant from here.</param>
    /// <exception cref="SettingsException">Something cannot be used.</exception>
    public static Settings Load(CommandLineOverrides overrides, string folder)
    {
        var builder = new ConfigurationBuilder();
        string file = Path.GetFullPath(overrides.ConfigFile ?? FileName, folder);
        if (File.Exists(file))
            builder.AddJsonFile(file, optional: false, reloadOnChange: false);
        else if (overrides.ConfigFile is not null)
            throw new SettingsException([$"--config {overrides.ConfigFile}: there is no such file"]);
        builder.AddEnvironmentVariables();
        // A key given twice: the later one wins, as between sources.
        builder.AddInMemoryCollection(overrides.Values.GroupBy(v => v.Key, StringComparer.OrdinalIgnoreCase).Select(g => g.Last()));
        try
        {
            return SettingsReading.Read(builder.Build(), folder, Outside(file));
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or FormatException)
        {
            throw new SettingsException([$"{file}: {e.GetBaseException().Message}"]);
        }
    }

    private static OutsideKeys Outside(string file)
    {
        var ofFile = File.Exists(file) ? new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build().AsEnumerable() : [];
        return new OutsideKeys(
            file,
            [.. ofFile.Where(k => k.Value is not null).Select(k => k.Key)],
            [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()]);
    }
}

/// <summary>The configuration cannot be used; every error names its key, the value and what would be right.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>All errors, one line each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
