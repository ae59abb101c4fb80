using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventCalls.Contracts;

namespace EventCalls.Host.Tests.Architecture;

/// <summary>What the documents say is so.</summary>
public partial class DocumentTests
{
    public static TheoryData<string> Documents
    {
        get
        {
            var documents = new TheoryData<string>();
            foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
                         .Concat(Directory.EnumerateFiles(Repository.Root, "*.md")).Order())
                documents.Add(Path.GetRelativePath(Repository.Root, path));
            return documents;
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_names_only_files_that_exist(string document)
    {
        var text = Repository.Read(document);
        var folder = Path.GetDirectoryName(document)!;
        var missing = NamedPath().Matches(text).Select(m => m.Groups["path"].Value)
            .Concat(Link().Matches(text).Select(m => Path.Combine(folder, m.Groups["path"].Value)))
            .Where(path => !Repository.Exists(path));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_catalogue_names_every_event_and_every_field_and_nothing_else()
    {
        var sections = CatalogueSection().Matches(Repository.Read("docs/event-catalogue.md"))
            .ToDictionary(m => m.Groups["type"].Value, m => (Name: m.Groups["name"].Value, Text: m.Groups["text"].Value));
        Assert.Equal(CallEventNames.All.Select(e => e.Type.Name).Order(), sections.Keys.Order());
        foreach (var (type, name) in CallEventNames.All)
        {
            Assert.Equal(name, sections[type.Name].Name);
            var fields = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
            Assert.Equal(fields.Order(), CatalogueField().Matches(sections[type.Name].Text).Select(m => m.Groups["field"].Value).Order());
        }
    }

    [Fact]
    public void The_coverage_names_every_RFC_that_a_test_shows()
    {
        var named = from line in Repository.Read(RfcCoverage.Document).Split('\n')
                    where CoverageRow().IsMatch(line)
                    from section in RfcCoverage.Sections(line.Split('|')[1])
                    select section.Rfc;
        var shown = Repository.Sources("tests").SelectMany(file => RfcCoverage.Of(file, Repository.Read(file))).Select(s => s.Section.Rfc);
        Assert.Empty(shown.Distinct().Except(named));
    }

    // A row that people wrote: with five cells.
    [GeneratedRegex(@"^\| \d{4}(?:[^|]*\|){5}$")]
    private static partial Regex CoverageRow();

    // `src/…`, `tests/…` and so on in code marks, without a pattern in it.
    [GeneratedRegex(@"`(?<path>(src|tests|infra|docs|\.ci|\.github)/[\w./-]+)`")]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)(?<path>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^## (?<type>\w+) `(?<name>\w+)`\n(?<text>.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CatalogueSection();

    [GeneratedRegex(@"^\| `(?<field>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex CatalogueField();
}
