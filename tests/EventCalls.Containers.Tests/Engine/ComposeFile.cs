namespace EventCalls.Containers.Tests.Engine;

/// <summary>The repository's <c>docker-compose.yml</c>.</summary>
internal static class ComposeFile
{
    /// <summary>Where it is.</summary>
    public static string Path { get; } = Find();

    /// <summary>The repository's folder.</summary>
    public static string Folder => System.IO.Path.GetDirectoryName(Path)!;

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.Path.Combine(folder.FullName, "docker-compose.yml") is var file && File.Exists(file))
                return file;
        }
        throw new InvalidOperationException("docker-compose.yml is in none of the folders above the tests.");
    }
}
