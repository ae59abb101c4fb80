using System.Text.RegularExpressions;

namespace EventCalls.Host.Tests.Architecture;

/// <summary>The source tree this test was built from.</summary>
internal static partial class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The names of the rooms: the projects under <c>src</c>, without <c>EventCalls.</c>.</summary>
    public static IEnumerable<string> Rooms =>
        Directory.GetFiles(Path.Combine(Root, "src"), "EventCalls.*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Select(d => Path.GetFileNameWithoutExtension(d)["EventCalls.".Length..]).Order();

    /// <summary>The C# files below a folder, their paths relative to the root with forward slashes; nothing that a build made.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(Relative)
            .Where(path => !BuiltPath().IsMatch(path))
            .Order();

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Whether a file or folder is there.</summary>
    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "EventCalls.sln")))
                return folder;
        }

        throw new InvalidOperationException($"No EventCalls.sln above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex BuiltPath();
}
