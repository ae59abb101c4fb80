using EventCalls.Routing.Deciders.Child;

namespace EventCalls.Routing.Deciders;

/// <summary>How a decider is started: this same program, with another argument.</summary>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">Its arguments up to and with <c>decider</c>.</param>
public sealed record DeciderCommand(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Program = "eventcalls";

    /// <summary>The command that makes this program a decider; null when it is another program, which has none.</summary>
    public static DeciderCommand? OfThisProgram()
    {
        // Beside what runs: a test host or a benchmark has the program next to it.
        string program = Path.Combine(AppContext.BaseDirectory, $"{Program}.dll");
        if (Environment.ProcessPath is { } running && IsNamed(running, Program))
            return new DeciderCommand(running, [DeciderProgram.Command]);
        return File.Exists(program) ? OfAssembly(program) : null;
    }

    /// <summary>The command that runs an assembly as a decider.</summary>
    /// <param name="path">The assembly, which calls <see cref="DeciderProgram.Run"/> when its first argument is <c>decider</c>.</param>
    public static DeciderCommand OfAssembly(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string dotnet = Environment.ProcessPath is { } running && IsNamed(running, "dotnet")
            ? running
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new DeciderCommand(dotnet, [path, DeciderProgram.Command]);
    }

    private static bool IsNamed(string path, string name) =>
        string.Equals(Path.GetFileNameWithoutExtension(path), name, StringComparison.OrdinalIgnoreCase);
}
