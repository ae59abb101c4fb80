using System.Diagnostics;
using EventCalls.Host.Demo;
using EventCalls.Simulation.Live;

namespace EventCalls.Host.Tests.Demo;

public sealed class NextCommandsTests
{
    [Theory]
    [InlineData("/tmp/eventcalls-demo-aQL6DF/calls.db")]
    [InlineData("/tmp/it's a folder/$HOME/calls.db")]
    public async Task A_shell_reads_the_path_as_it_is(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var result = new DemoResult { Calls = 1, Ended = 1, Unplanned = 0, Unexpected = [], Outcomes = [], Flows = [], Store = path, LogicVersion = "none", Telling = Guid.Empty };
        foreach (string command in NextCommands.For(result))
        {
            // The shell takes the command apart, and printf gives the last argument back.
            var shell = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
            shell.ArgumentList.Add("-c");
            shell.ArgumentList.Add($"dotnet() {{ eval \"printf %s \\\"\\${{$#}}\\\"\"; }}; {command}");
            using var process = Process.Start(shell)!;
            string read = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal($"--EventCalls:Store:Sqlite={path}", read);
        }
    }
}
