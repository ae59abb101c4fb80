namespace EventCalls.Host.Tests.Demo;

/// <summary>Reads the commands that a demo prints, as a shell would.</summary>
internal static class PrintedCommands
{
    private const string Program = "dotnet run --project src/EventCalls.Host -c Release --";

    /// <summary>The arguments of each command for <c>eventcalls</c>.</summary>
    public static List<string[]> In(IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        return
        [
            .. from line in text.Split('\n')
               where line.Trim().StartsWith(Program, StringComparison.Ordinal)
               select line.Trim()[Program.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ];
    }
}
