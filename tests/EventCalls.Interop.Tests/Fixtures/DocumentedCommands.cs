using System.Text.RegularExpressions;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>The commands that a page of the documentation shows, as somebody types them who reads it.</summary>
internal static partial class DocumentedCommands
{
    // What goes wrong is an error; what has no end is watched for a while.
    private const string Before = """
        set -e
        curl() {
          case " $* " in *" -N "*) command curl -f --max-time 2 "$@" || [ $? = 28 ];; *) command curl -fsS --max-time 60 "$@";; esac
        }
        eventcalls() { dotnet "$EVENTCALLS" "$@"; }

        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Those of a page, each with what is shown with it.</summary>
    public static IReadOnlyList<string> Of(string page) => [.. Shown().Matches(File.ReadAllText(Path.Combine(Root(AppContext.BaseDirectory), "docs", page))).Select(m => m.Groups["text"].Value)];

    /// <summary>Runs some with what the page says replaced by what there is, in a folder, as who has a key; expects that all succeed, and gives what they wrote.</summary>
    public static async Task<string> RunAsync(string text, string folder, string key, params (string Said, string There)[] there)
    {
        foreach (var (said, present) in there)
            text = text.Replace(said, present, StringComparison.Ordinal);
        await using var shell = ChildProcess.Start("/bin/sh", ["-c", Before + text], new Dictionary<string, string?> { ["EVENTCALLS"] = EventCallsProcess.Program, ["KEY"] = key }, folder);
        int code = await shell.Exited.WaitAsync(s_limit);
        Assert.True(code == 0, $"{text}\nended with {code}: {shell.Describe()}");
        return shell.Output;
    }

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "EventCalls.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);

    [GeneratedRegex(@"^```sh\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shown();
}
