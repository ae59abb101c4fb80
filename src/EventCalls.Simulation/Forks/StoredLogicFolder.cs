using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>A version of logic out of the store, written into a folder of its own for as long as it is needed.</summary>
public sealed class StoredLogicFolder : IDisposable
{
    private StoredLogicFolder(string path) => FolderPath = path;

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>Writes the sources.</summary>
    /// <exception cref="FormatException">A source's path leads out of the folder.</exception>
    public static StoredLogicFolder Write(LogicVersionLoaded version)
    {
        var folder = new StoredLogicFolder(Directory.CreateTempSubdirectory("eventcalls-logic-").FullName);
        try
        {
            WriteTo(folder.FolderPath, version);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes the sources into a folder that exists, to stay.</summary>
    /// <exception cref="FormatException">A source's path leads out of the folder.</exception>
    public static void WriteTo(string folder, LogicVersionLoaded version)
    {
        foreach (var source in version.Sources)
        {
            string file = Path.GetFullPath(Path.Combine(folder, source.Path));
            if (!file.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new FormatException($"The stored source '{source.Path}' of the logic {version.Version} leads out of its folder.");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, source.Text);
        }
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
