using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Peers;

public class ChildProcessTests
{
    [Fact]
    public async Task Output_and_exit_code_are_the_programs_own()
    {
        await using var child = ChildProcess.Start("/bin/sh", ["-c", "echo one; echo two >&2; exit 7"]);
        Assert.Equal(7, await child.Exited);
        Assert.Equal("one\n", child.Output);
        Assert.Equal("two\n", child.Errors);
    }

    [Fact]
    public async Task Disposing_kills_the_program()
    {
        var child = ChildProcess.Start("sleep", ["1000"]);
        int id = child.Id;
        Assert.True(Directory.Exists($"/proc/{id}"));
        await child.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{id}"));
        Assert.Equal(128 + 9, await child.Exited);
    }

    [Fact]
    public async Task The_program_dies_with_the_process_that_started_it()
    {
        await using var child = ChildProcess.Start("sleep", ["1000"]);
        // The shell becomes the program a moment after it has said its id.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await File.ReadAllTextAsync($"/proc/{child.Id}/comm", patience.Token)).Trim() != "sleep")
            await Task.Delay(5, patience.Token);
        child.CloseGuard();
        Assert.Equal(128 + 9, await child.Exited.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Waiting_for_a_line_that_never_comes_says_what_came()
    {
        await using var child = ChildProcess.Start("/bin/sh", ["-c", "echo hello; exit 3"]);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => child.WaitForLineAsync(line => line == "ready", TimeSpan.FromSeconds(20), default));
        Assert.Contains("ended with 3", error.Message);
        Assert.Contains("hello", error.Message);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_ends_with_127()
    {
        await using var child = ChildProcess.Start("no-such-program-anywhere", []);
        Assert.Equal(127, await child.Exited);
        Assert.Contains("not found", child.Errors);
    }
}
