namespace EventCalls.Host.Tests.Architecture;

/// <summary>docs/rfc-coverage.md is what the tests' traits say. <c>EVENTCALLS_WRITE_DOCS=1</c> in the environment writes it anew.</summary>
public sealed class RfcCoverageTests
{
    [Fact]
    public void The_coverage_is_what_the_traits_of_the_tests_say()
    {
        string document = Repository.Read(RfcCoverage.Document);
        string due = RfcCoverage.Rewrite(document, [.. Repository.Sources("tests").SelectMany(file => RfcCoverage.Of(file, Repository.Read(file)))]);
        if (Environment.GetEnvironmentVariable("EVENTCALLS_WRITE_DOCS") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, RfcCoverage.Document), due);
        else
            Assert.True(document == due, $"{RfcCoverage.Document} is not what the traits of the tests say: write it by EVENTCALLS_WRITE_DOCS=1 dotnet test tests/EventCalls.Host.Tests --filter RfcCoverage");
    }

    [Theory]
    [InlineData("3261 §17", "3261 §17.1.2", true)]
    [InlineData("3261 §1", "3261 §17", false)]
    [InlineData("3261", "3261 §8", true)]
    [InlineData("3261 §8", "3261", false)]
    [InlineData("3262 §8", "3261 §8", false)]
    [InlineData("4028 §6–§10", "4028 §7.4", true)]
    [InlineData("4028 §6–§10", "4028 §10.2", true)]
    [InlineData("4028 §6–§10", "4028 §11", false)]
    [InlineData("3515 §2.4.4–2.4.6", "3515 §2.4.5", true)]
    public void A_row_stands_for_its_sections_and_what_is_within_them(string row, string section, bool isCovered) =>
        Assert.Equal(isCovered, RfcCoverage.Sections(row).Single().Covers(RfcCoverage.Sections(section).Single()));

    [Fact]
    public void A_row_names_the_files_that_show_it_and_one_that_is_not_supported_none()
    {
        const string Document = "| RFC | what | | where | tests |\n|---|---|---|---|---|\n| 3261 §9 | CANCEL | yes | `src` | `old` |\n| 3261 §16 | proxying | no: not here | | |\n";
        var shown = RfcCoverage.Of("tests/A.cs", "[Trait(\"RFC\", \"3261 §9.1, §16, 3262 §3\")]").Concat(RfcCoverage.Of("tests/B.cs", "[Trait(\"RFC\", \"3261 §9\")] [Trait(\"RFC\", \"3261 §9.2\")]")).ToList();

        string written = RfcCoverage.Rewrite(Document, shown);

        Assert.Contains("| 3261 §9 | CANCEL | yes | `src` | `tests/B.cs`, `tests/A.cs` |\n| 3261 §16 | proxying | no: not here | | |\n", written, StringComparison.Ordinal);
        Assert.EndsWith("| 3261 §9 | B (1) |\n| 3261 §9.1 | A (1) |\n| 3261 §9.2 | B (1) |\n| 3261 §16 | A (1) |\n| 3262 §3 | A (1) |\n", written, StringComparison.Ordinal);
        Assert.Equal(written, RfcCoverage.Rewrite(written, shown));
    }
}
