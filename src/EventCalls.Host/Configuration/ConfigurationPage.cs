using System.Text;

namespace EventCalls.Host.Configuration;

/// <summary>The page <c>docs/configuration.md</c>, made of the keys as they are read.</summary>
internal static class ConfigurationPage
{
    private const string Head = """
        # Configuration

        <!-- Made by `eventcalls config --markdown`: change the doc comments, defaults and ranges of the settings types, not this page. -->

        Keys stand in the section `EventCalls` of `appsettings.json` in the working folder (or of the file that `--config FILE` names), in environment variables
        (`EventCalls__Sip__Listen__0=udp:192.0.2.10:5060`), or on the command line (`--EventCalls:Node=edge-1`); of these the later wins. A list that is given
        takes the place of the whole list before it. [A sample](examples/appsettings.json) holds the keys that most people set.

        A key that is unknown, stands outside the section or has a value that cannot be used stops the start with exit code 2, the key, and what would be right. In an
        address, a user or password is escaped (`@` is `%40`, `:` `%3A`, `/` `%2F`, `#` `%23`, `?` `%3F`, `%` `%25`); in a connection string it stands in quotes when it holds `;`, `=` or a quote.
        Relative paths are meant from the working folder. `eventcalls config WORD` lists the keys that have to do with a word, `eventcalls doctor` says whether what is configured can be reached.

        `NAME` stands for a name of your own.

        """;

    /// <summary>The page.</summary>
    public static string Of(IReadOnlyList<SettingKey> keys)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var part in keys.GroupBy(k => k.Path.Contains(':') ? k.Path.Split(':')[0] : ""))
        {
            page.Append('\n');
            if (part.Key.Length > 0)
                page.Append($"## {part.Key}\n\n");
            page.Append("| key | means | takes | default |\n|---|---|---|---|\n");
            foreach (var key in part)
                page.Append($"| `{key.Path}` | {Cell(key.Says)} | {Cell(key.Takes)} | {Cell(key.Default ?? "")} |\n");
        }
        return page.ToString();
    }

    /// <summary>Text without the marks of Markdown.</summary>
    public static string Plain(string markdown) => markdown.Replace("`", "", StringComparison.Ordinal);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
