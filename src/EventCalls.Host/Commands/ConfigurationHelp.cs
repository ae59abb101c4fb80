using System.CommandLine;

namespace EventCalls.Host.Commands;

/// <summary>What the help of every configured command says of the configuration. The options are taken out of the arguments before the commands see them, so these are for the help and for completion alone.</summary>
internal static class ConfigurationHelp
{
    /// <summary>Adds them to a command and what is below it.</summary>
    public static Command AddTo(Command command)
    {
        command.Add(new Option<string?>("--config") { Description = "The configuration file [default: appsettings.json in the working folder]", HelpName = "FILE", Recursive = true });
        command.Add(new Option<string?>("--EventCalls:KEY") { Description = "Sets a key of the configuration, such as --EventCalls:Node=edge-1; 'eventcalls config' lists the keys", HelpName = "VALUE", Recursive = true });
        return command;
    }
}
