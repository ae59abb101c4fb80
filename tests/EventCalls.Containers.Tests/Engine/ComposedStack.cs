using System.Diagnostics;
using EventCalls.Testing;

namespace EventCalls.Containers.Tests.Engine;

/// <summary>What <c>docker-compose.yml</c> starts, as it is written: our own image is built from <c>infra/Dockerfile</c> with it.</summary>
internal sealed class ComposedStack : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);

    private readonly string _project = $"eventcalls-test-{Environment.ProcessId}";

    private ComposedStack()
    {
    }

    /// <summary>Builds and starts everything, and waits until each process of ours says that it is ready.</summary>
    /// <param name="processes">How many there are.</param>
    public static async Task<ComposedStack> UpAsync(int processes)
    {
        var stack = new ComposedStack();
        try
        {
            await stack.ComposeAsync("up", "-d", "--build");
            await stack.UntilAsync(
                async () => (await stack.ComposeAsync("logs", "--no-color")).Split('\n').Count(line => line.EndsWith("| ready", StringComparison.Ordinal)) >= processes);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the program inside one of the services; its output.</summary>
    public Task<string> CommandAsync(string service, params string[] arguments) => ComposeAsync(["exec", "-T", service, "dotnet", "/app/eventcalls.dll", .. arguments]);

    /// <summary>Waits until it is so.</summary>
    /// <exception cref="TimeoutException">It is not, in time; the message holds what the containers wrote.</exception>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(2))
                throw new TimeoutException(await ComposeAsync("logs", "--no-color", "--tail", "40"));
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync() => await ComposeAsync("down", "--volumes", "--timeout", "10");

    private async Task<string> ComposeAsync(params string[] arguments)
    {
        // Debian's own is a program of that name; elsewhere it is a part of docker.
        bool isProgram = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "docker-compose")));
        string[] compose = ["-p", _project, "-f", ComposeFile.Path, .. arguments];
        await using var run = isProgram
            ? ChildProcess.Start("docker-compose", compose, folder: ComposeFile.Folder)
            : ChildProcess.Start("docker", ["compose", .. compose], folder: ComposeFile.Folder);
        int exitCode = await run.Exited.WaitAsync(s_limit);
        Assert.True(exitCode == 0, $"docker-compose {string.Join(' ', arguments)} ended with {exitCode}.\n{run.Describe()}");
        return run.Output;
    }
}
