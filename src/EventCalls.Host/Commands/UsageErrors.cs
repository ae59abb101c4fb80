using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;

namespace EventCalls.Host.Commands;

/// <summary>What is wrong with a command line, in words that say what was perhaps meant.</summary>
internal static class UsageErrors
{
    /// <summary>The lines to write.</summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unmatched = parsed.UnmatchedTokens;
        // Words behind the first one that is wrong are mostly what belonged to it.
        for (int i = 0; i < unmatched.Count; i++)
        {
            if (i == 0 || unmatched[i].StartsWith("--", StringComparison.Ordinal))
                yield return OfToken(unmatched[i], command);
        }
        // An unknown word in a command's place also makes «required command» and the like; the word is what is wrong.
        foreach (var error in parsed.Errors)
        {
            if (unmatched.Count == 0 || !unmatched.Any(u => error.Message.Contains($"'{u}'", StringComparison.Ordinal)) && error.SymbolResult != parsed.CommandResult)
                yield return error.Message;
        }
        yield return $"See '{Path(command)} --help'.";
    }

    private static string OfToken(string token, Command command)
    {
        if (token.StartsWith("--", StringComparison.Ordinal))
        {
            string name = token.Split('=')[0];
            string path = name[2..].Replace("__", ":", StringComparison.Ordinal);
            if (path.Contains(':') && SettingsReading.Known([WithoutSection(path)]).Count > 0)
                return $"{name} is no option; a key of the configuration is written --{KeyReader.Section}:{WithoutSection(path)}=VALUE";
            var options = Ancestors(command).SelectMany(c => c.Options.Where(o => c == command || o.Recursive)).Select(o => o.Name).Where(n => n != "--version" || command is RootCommand);
            return $"{name} is no option of '{Path(command)}'{Meant(name, options)}";
        }
        return command.Subcommands.Count > 0
            ? $"'{token}' is no command of '{Path(command)}'{Meant(token, command.Subcommands.Select(c => c.Name))}"
            : $"'{token}' is one argument too many for '{Path(command)}'";
    }

    private static string Meant(string written, IEnumerable<string> known) => Spelling.Nearest(written, known) is { } near ? $"; did you mean {near}?" : "";

    private static string WithoutSection(string path) =>
        path.StartsWith(KeyReader.Section + ":", StringComparison.OrdinalIgnoreCase) ? path[(KeyReader.Section.Length + 1)..] : path;

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(Ancestors).Prepend(command);

    private static string Path(Command command) =>
        command is RootCommand ? "eventcalls" : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";
}
