using EventCalls.Simulation.Live;

namespace EventCalls.Host.Demo;

/// <summary>What to try after a demo, ready to be pasted into a shell in the repository's folder.</summary>
internal static class NextCommands
{
    private const string Program = "dotnet run --project src/EventCalls.Host -c Release --";

    /// <summary>The commands, each over as many lines as it needs.</summary>
    public static IReadOnlyList<string> For(DemoResult result)
    {
        var commands = new List<string> { Command("calls list", result.Store) };
        if (result.Telling is { } call)
            commands.Add(Command($"calls show {call}", result.Store));
        return commands;
    }

    private static string Command(string command, string store)
    {
        // cmd and PowerShell have no common way to go on in the next line.
        string goOn = OperatingSystem.IsWindows() ? " " : $" \\\n  ";
        return $"{Program}{goOn}{command}{goOn}{Quoted($"--EventCalls:Store:Sqlite={store}")}";
    }

    private static string Quoted(string argument)
    {
        bool isWindows = OperatingSystem.IsWindows();
        if (argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_=:./".Contains(c, StringComparison.Ordinal) || (isWindows && c is '\\' or '~')))
            return argument;
        return isWindows ? $"\"{argument}\"" : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
