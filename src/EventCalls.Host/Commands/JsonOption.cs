using System.CommandLine;

namespace EventCalls.Host.Commands;

/// <summary>The option <c>--json</c>, which every command has.</summary>
internal static class JsonOption
{
    public static Option<bool> AddTo(Command command, string description)
    {
        var option = new Option<bool>("--json") { Description = description };
        command.Add(option);
        return option;
    }
}
