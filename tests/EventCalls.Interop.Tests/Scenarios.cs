namespace EventCalls.Interop.Tests;

/// <summary>The SIPp scenarios beside the tests.</summary>
internal static class Scenarios
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Scenarios");

    /// <summary>All of them by name.</summary>
    public static IEnumerable<string> All => Directory.EnumerateFiles(s_folder, "*.xml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order();

    /// <summary>The file of a scenario.</summary>
    public static string File(string name)
    {
        var file = Path.Combine(s_folder, name + ".xml");
        return System.IO.File.Exists(file) ? file : throw new FileNotFoundException($"There is no scenario '{name}'.", file);
    }
}
