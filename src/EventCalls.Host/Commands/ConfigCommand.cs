using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Terminal;
using Spectre.Console;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls config</c>: every key of the configuration, what it takes, and its default.</summary>
internal static class ConfigCommand
{
    public static Command Create(CommandContext context)
    {
        var markdown = new Option<bool>("--markdown") { Description = "The page docs/configuration.md." };
        var word = new Argument<string?>("WORD") { Description = "Only keys that have this in their name or their text.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("config", "Lists every key of the configuration: what it is for, what it takes, and its default.") { word, markdown };
        var json = JsonOption.AddTo(command, "One JSON object a line for each key.");
        command.SetAction((parsed, _) =>
        {
            string wanted = parsed.GetValue(word) ?? "";
            var keys = SettingsReading.Keys().Where(k => k.Path.Contains(wanted, StringComparison.OrdinalIgnoreCase) || k.Says.Contains(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
            if (parsed.GetValue(markdown))
                context.Out.Write(ConfigurationPage.Of(keys));
            else if (parsed.GetValue(json))
                WriteJson(context.Out, keys);
            else
                Write(Screen.On(context.Out), keys);
            if (keys.Count == 0)
                context.Error.WriteLine($"No key has '{wanted}' in its name or its text; without it all are listed.");
            return Task.FromResult(keys.Count == 0 ? ExitCodes.NotSo : ExitCodes.Done);
        });
        return command;
    }

    private static void Write(IAnsiConsole console, IEnumerable<SettingKey> keys)
    {
        foreach (var key in keys)
        {
            console.WriteLine(($"{KeyReader.Section}:{key.Path}", new Style(decoration: Decoration.Bold)));
            console.WriteLabelled("", 4, ConfigurationPage.Plain(key.Says));
            console.WriteLabelled("", 4, ConfigurationPage.Plain($"Takes {key.Takes}.{(key.Default is { } byDefault ? $" Default: {byDefault}." : "")}"));
        }
    }

    private static void WriteJson(TextWriter output, IEnumerable<SettingKey> keys)
    {
        var lines = new JsonLines(output);
        foreach (var key in keys)
            lines.Write(new ListedKey($"{KeyReader.Section}:{key.Path}", ConfigurationPage.Plain(key.Takes), key.Default, ConfigurationPage.Plain(key.Says)), HostJson.Default.ListedKey);
    }
}
