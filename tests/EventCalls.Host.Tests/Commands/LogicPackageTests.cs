using EventCalls.Host.Tests.Architecture;
using EventCalls.Testing;

namespace EventCalls.Host.Tests.Commands;

/// <summary>The project that <c>logic new</c> writes, built against the package as those who write logic do: by the SDK, from a folder of packages.</summary>
public sealed class LogicPackageTests : IAsyncLifetime
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(8);
    private readonly CommandRun _run = new();

    private string Project => Path.Combine(_run.Folder, "project");

    private string Logic => Path.Combine(Project, "routing", "SupportLine.cs");

    [Fact]
    public async Task A_new_project_passes_its_tests_with_the_package_and_logic_that_cheats_does_not_build()
    {
        Assert.Equal(0, await _run.RunAsync("logic", "new", Project));
        await File.WriteAllTextAsync(Path.Combine(Project, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="eventcalls" value="{Path.Combine(_run.Folder, "feed")}" /></packageSources>
              <fallbackPackageFolders><add key="restored" value="{Restored}" /></fallbackPackageFolders>
            </configuration>
            """);

        var tested = await DotnetAsync(Project, "test", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        Assert.True(tested.Exit == 0, tested.Said);
        Assert.Matches(@"Failed:\s+0, Passed:\s+3,", tested.Said);

        var lines = (await File.ReadAllLinesAsync(Logic)).ToList();
        int body = lines.FindIndex(line => line.Contains("Start(Conversation conv)", StringComparison.Ordinal)) + 2;
        lines.Insert(body, "        if (DateTime.Now.Hour < 9) return Handoff.Bye();");
        await File.WriteAllLinesAsync(Logic, lines);
        var built = await DotnetAsync(Path.Combine(Project, "routing"), "build", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        Assert.Equal(1, built.Exit);
        Assert.Contains($"SupportLine.cs({body + 1},22): error EC1001: DateTime.Now is not for routing logic: ", built.Said);

        // EventCalls says the same of it, at the same place.
        _run.Forget();
        Assert.NotEqual(0, await _run.RunAsync("logic", "check", Path.GetDirectoryName(Logic)!));
        Assert.Contains($"SupportLine.cs({body + 1},22): DateTime.Now is not for routing logic: ", _run.Out + _run.Error);
    }

    public async Task InitializeAsync()
    {
        foreach (string room in new[] { "Contracts", "Routing" })
        {
            var packed = await DotnetAsync(
                Repository.Root, "pack", $"src/EventCalls.{room}", "--no-build", "-c", Configuration, "-o", Path.Combine(_run.Folder, "feed"), "-nodeReuse:false");
            Assert.True(packed.Exit == 0, packed.Said);
        }
    }

    public async Task DisposeAsync() => await _run.DisposeAsync();

    // What this machine has restored before is not fetched again, and what is packed here does not come to lie there.
    private static string Restored => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
        ? given
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // bin/CONFIGURATION/FRAMEWORK.
    private static string Configuration => Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar)[^2];

    private async Task<(int Exit, string Said)> DotnetAsync(string folder, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = Path.Combine(_run.Folder, "packages"), ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["CI"] = null };

        // The build that runs these tests has set its own.
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)))
            environment[name] = null;
        await using var run = ChildProcess.Start("dotnet", arguments, environment, folder);
        int exit = await run.Exited.WaitAsync(s_longest);
        return (exit, run.Describe());
    }
}
