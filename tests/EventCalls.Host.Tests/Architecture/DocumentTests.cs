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
    public void The_coverage_names_every_RFC_that_a_test_shows_and_each_of_its_tests_shows_it()
    {
        var rows = (from line in Repository.Read("docs/rfc-coverage.md").Split('\n')
                    where CoverageRow().IsMatch(line)
                    let cells = line.Split('|')
                    select (Rfcs: RfcNumber().Matches(cells[1]).Select(m => m.Value).ToHashSet(), Tests: NamedPath().Matches(cells[5]).Select(m => m.Groups["path"].Value).ToList()))
            .ToList();
        var shown = Repository.Sources("tests").ToDictionary(
            path => path,
            path => RfcTrait().Matches(Repository.Read(path)).SelectMany(m => RfcNumber().Matches(m.Groups["what"].Value)).Select(m => m.Value).ToHashSet());

        var wrong = from row in rows
                    from test in row.Tests
                    where !shown.TryGetValue(test, out var rfcs) || !rfcs.Overlaps(row.Rfcs)
                    select $"{test} does not show RFC {string.Join(", ", row.Rfcs)}";
        Assert.Empty(wrong);
        Assert.Empty(shown.Values.SelectMany(rfcs => rfcs).Distinct().Except(rows.SelectMany(row => row.Rfcs)));
    }

    [GeneratedRegex(@"^\| \d{4}")]
    private static partial Regex CoverageRow();

    [GeneratedRegex(@"(?<![\w§.])\d{4}(?![\w.])")]
    private static partial Regex RfcNumber();

    [GeneratedRegex(@"Trait\(""RFC"", ""(?<what>[^""]+)""\)")]
    private static partial Regex RfcTrait();

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
