using System.Text.Json;
using EventCalls.Host.Commands;
using EventCalls.Testing;

namespace EventCalls.Host.Tests.Commands;

public class CommandLineTests
{
    [Theory]
    [InlineData("cals list", "'cals' is no command of 'eventcalls'; did you mean calls?")]
    [InlineData("calls lst", "'lst' is no command of 'eventcalls calls'; did you mean list?")]
    [InlineData("calls list --limt 3", "--limt is no option of 'eventcalls calls list'; did you mean --limit?")]
    [InlineData("calls list --confg x", "--confg is no option of 'eventcalls calls list'; did you mean --config?")]
    [InlineData("doctor now", "'now' is one argument too many for 'eventcalls doctor'")]
    [InlineData("run --Sip:Listen:0=udp:127.0.0.1:0", "--Sip:Listen:0 is no option; a key of the configuration is written --EventCalls:Sip:Listen:0=VALUE")]
    [InlineData("run --EventCalls__Node=a", "--EventCalls__Node is no option; a key of the configuration is written --EventCalls:Node=VALUE")]
    public async Task What_is_misspelt_is_named_with_what_was_perhaps_meant(string line, string says)
    {
        var error = new StringWriter { NewLine = "\n" };

        Assert.Equal(ExitCodes.BadUsage, await CommandLine.RunAsync(line.Split(' '), ".", TextWriter.Null, error, TimeProvider.System));

        Assert.Equal(says, error.ToString().Split('\n')[0]);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("doctor")]
    [InlineData("health")]
    [InlineData("import")]
    [InlineData("replay")]
    [InlineData("calls list")]
    [InlineData("calls fork")]
    [InlineData("logic try")]
    public async Task The_help_of_a_command_says_how_it_is_configured(string command)
    {
        var output = new StringWriter();

        Assert.Equal(ExitCodes.Done, await CommandLine.RunAsync([.. command.Split(' '), "--help"], ".", output, TextWriter.Null, TimeProvider.System));

        Assert.Contains("--config <FILE>", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--EventCalls:KEY <VALUE>", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_are_listed_and_searched()
    {
        await using var run = new CommandRun();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("config", "ring", "--json"));
        using var key = JsonDocument.Parse(run.OutLines.First(l => l.Contains("RingTimeout", StringComparison.Ordinal)));
        Assert.Equal("EventCalls:Calls:RingTimeoutSeconds", key.RootElement.GetProperty("key").GetString());
        Assert.Equal("60", key.RootElement.GetProperty("default").GetString());
        Assert.Equal("a whole number, 1 to 600", key.RootElement.GetProperty("takes").GetString());
        run.Forget();

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("config", "xyzzy"));
        Assert.Contains("xyzzy", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_for_bash_completes_commands_options_and_roles()
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-").FullName;
        try
        {
            // As a user has it: the program on the path.
            var program = Path.Combine(folder, "eventcalls");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "eventcalls.dll")} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            const string Script = """
                PATH="$PWD:$PATH"
                source <(eventcalls completion bash)
                complete_line() { COMP_LINE="$1"; COMP_POINT=${#1}; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _eventcalls; echo "${COMPREPLY[*]}"; }
                complete_line "eventcalls do"
                complete_line "eventcalls calls li"
                complete_line "eventcalls calls list --tim"
                complete_line "eventcalls run --roles re"
                """;
            await using var bash = ChildProcess.Start("bash", ["-c", Script], folder: folder);
            Assert.True(await bash.Exited.WaitAsync(TimeSpan.FromMinutes(1)) == 0, bash.Describe());
            Assert.Equal("doctor\nlist\n--time-zone\nrecorder\n", bash.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
