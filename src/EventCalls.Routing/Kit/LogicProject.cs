namespace EventCalls.Routing.Kit;

/// <summary>Writes a project to begin routing logic with, that an IDE opens: a sample, its cases, and xunit tests.</summary>
public static class LogicProject
{
    /// <summary>The folder of the logic in the project.</summary>
    public const string LogicFolderName = "routing";

    // In the assembly they end in .txt, so that no tool takes them for sources of its own.
    private static readonly (string Name, string Path)[] s_files =
    [
        ("Routing.slnx", "Routing.slnx"),
        ("Routing.csproj", $"{LogicFolderName}/Routing.csproj"),
        ("SupportLine.cs", $"{LogicFolderName}/SupportLine.cs"),
        ("support-line.json", $"{LogicFolderName}/{LogicCases.FolderName}/support-line.json"),
        ("Routing.Tests.csproj", "tests/Routing.Tests.csproj"),
        ("SupportLineTests.cs", "tests/SupportLineTests.cs"),
    ];

    /// <summary>Writes the project.</summary>
    /// <param name="folder">Where to; made when it is not there.</param>
    /// <returns>The files written, relative to the folder.</returns>
    /// <exception cref="IOException">A file of the project is there already, and nothing was written; or the folder cannot be written to.</exception>
    public static IReadOnlyList<string> Create(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (s_files.FirstOrDefault(f => File.Exists(Path.Combine(folder, f.Path))) is { Path: { } there })
            throw new IOException($"'{Path.Combine(folder, there)}' is there already; name a folder that is new or empty.");
        foreach (var (name, path) in s_files)
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, Text(name));
        }

        return [.. s_files.Select(f => f.Path)];
    }

    private static string Text(string name)
    {
        var assembly = typeof(LogicProject).Assembly;
        using var stream = assembly.GetManifestResourceStream($"template/{name}") ?? throw new InvalidOperationException($"The template {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("$VERSION$", assembly.GetName().Version!.ToString(3), StringComparison.Ordinal);
    }
}
