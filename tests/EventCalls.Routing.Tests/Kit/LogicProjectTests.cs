using EventCalls.Routing.Kit;

namespace EventCalls.Routing.Tests.Kit;

public sealed class LogicProjectTests
{
    [Fact]
    public void A_new_project_has_logic_that_compiles_and_cases_that_pass()
    {
        using var folder = new TempFolder();

        var files = LogicProject.Create(folder.Path);

        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(folder.Path, file)), file));
        var result = LogicCases.Run(Path.Combine(folder.Path, LogicProject.LogicFolderName), null, TimeProvider.System, CancellationToken.None);
        Assert.Empty(result.Check.Diagnostics);
        Assert.True(result.Ok, string.Join('\n', result.Cases.SelectMany(c => c.Differences)));
        Assert.True(result.Cases.Count >= 4);
    }

    [Fact]
    public void The_project_names_the_package_of_this_version()
    {
        using var folder = new TempFolder();
        LogicProject.Create(folder.Path);

        string project = File.ReadAllText(Path.Combine(folder.Path, "routing", "Routing.csproj"));

        Assert.Contains($"Include=\"EventCalls.Routing\" Version=\"{typeof(LogicProject).Assembly.GetName().Version!.ToString(3)}\"", project, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_over()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "routing"));
        File.WriteAllText(Path.Combine(folder.Path, "routing", "SupportLine.cs"), "mine");

        var error = Assert.Throws<IOException>(() => LogicProject.Create(folder.Path));

        Assert.Contains("SupportLine.cs", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder.Path, "routing", "SupportLine.cs")));
        Assert.Single(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }
}
