using System.CommandLine;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls completion</c>: a script for the shell, which asks the program itself what may follow.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # eventcalls completion bash: put this into ~/.bashrc, or run: source <(eventcalls completion bash)
        _eventcalls() {
            local IFS=$'\n'
            local word="${COMP_WORDS[COMP_CWORD]}" line="${COMP_LINE:0:COMP_POINT}"
            COMPREPLY=($(compgen -W "$(eventcalls "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
            # The shell takes a colon for the end of a word.
            if [[ "$line" == *:* ]]; then COMPREPLY=(); fi
        }
        complete -o default -F _eventcalls eventcalls
        """;

    private const string Zsh = """
        #compdef eventcalls
        # eventcalls completion zsh: put this into ~/.zshrc behind compinit, or run: source <(eventcalls completion zsh)
        _eventcalls() {
            local line="${BUFFER[1,CURSOR]}"
            local -a found
            found=("${(@f)$(eventcalls "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -- ${found:#}
        }
        compdef _eventcalls eventcalls
        """;

    private const string Fish = """
        # eventcalls completion fish: put this into ~/.config/fish/completions/eventcalls.fish
        function __eventcalls_complete
            set -l line (commandline -cp)
            eventcalls "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c eventcalls -a '(__eventcalls_complete)'
        """;

    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that completes this program's commands and options in a shell: source <(eventcalls completion bash)") { shell };
        command.SetAction(async (parsed, _) =>
        {
            string? script = parsed.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => null };
            // An empty word passes for one of them.
            await (script is null ? context.Error.WriteLineAsync("SHELL is empty; expected bash, zsh or fish") : context.Out.WriteLineAsync(script)).ConfigureAwait(false);
            return script is null ? ExitCodes.BadUsage : ExitCodes.Done;
        });
        return command;
    }
}
