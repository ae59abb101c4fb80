using System.CommandLine;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls completion</c>: a script for the shell, which asks the program itself what may follow.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that completes this program's commands and options in a shell: source <(eventcalls completion bash)") { shell };
        command.SetAction(async (parsed, _) =>
        {
            string? script = Script(parsed.GetValue(shell));
            // An empty word passes for one of them.
            await (script is null ? context.Error.WriteLineAsync("SHELL is empty; expected bash, zsh or fish") : context.Out.WriteAsync(script)).ConfigureAwait(false);
            return script is null ? ExitCodes.BadUsage : ExitCodes.Done;
        });
        return command;
    }

    private static string? Script(string? shell)
    {
        using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"eventcalls.{shell}");
        return script is null ? null : new StreamReader(script).ReadToEnd();
    }
}
