using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EventCalls.Host.Tests.Architecture;

/// <summary>The coverage of RFCs as the tests' traits say it: which tests show which section, beside what people wrote of it.</summary>
internal static partial class RfcCoverage
{
    /// <summary>The document.</summary>
    public const string Document = "docs/rfc-coverage.md";

    private const string Begin = "<!-- from the tests' traits, see CONTRIBUTING.md -->";
    private const int MostNamed = 3;

    /// <summary>The document with all that comes of the traits written anew: the last column of each row, and the table of sections behind the marker.</summary>
    public static string Rewrite(string document, IReadOnlyList<Shown> shown)
    {
        int end = document.IndexOf(Begin, StringComparison.Ordinal);
        string written = end < 0 ? document.TrimEnd() + "\n\n" : document[..end];
        var text = new StringBuilder();
        foreach (string line in written.Split('\n'))
            text.Append(IsRow(line) ? WithTests(line, shown) : line).Append('\n');
        text.Length--;
        text.Append(Begin).Append("\n\n## Section by section\n\n| RFC | tests that show it |\n|---|---|\n");
        foreach (var section in shown.GroupBy(s => s.Section).OrderBy(g => g.Key.Rfc).ThenBy(g => g.Key.Number, Comparer<Version>.Default))
        {
            var files = section.GroupBy(s => s.File).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{NameOf(f.Key)} ({f.Count()})");
            text.Append(CultureInfo.InvariantCulture, $"| {section.Key} | {string.Join(", ", files)} |\n");
        }
        return text.ToString();
    }

    /// <summary>What the tests of a source file show.</summary>
    public static IEnumerable<Shown> Of(string file, string source) =>
        from trait in Trait().Matches(source)
        from section in Sections(trait.Groups["what"].Value)
        select new Shown(section, file);

    /// <summary>The RFCs and sections that a row or a trait names: <c>3261 §17.1, §18, 3262</c>.</summary>
    public static IEnumerable<Section> Sections(string text)
    {
        int rfc = 0;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var named = Named().Match(part);
            if (!named.Success)
                throw new FormatException($"'{part}' of '{text}' names no RFC or section");
            if (named.Groups["rfc"].Success)
                rfc = int.Parse(named.Groups["rfc"].Value, CultureInfo.InvariantCulture);
            yield return new Section(rfc, NumberOf(named.Groups["from"]), NumberOf(named.Groups["to"]));
        }
    }

    private static Version NumberOf(Group group) =>
        !group.Success ? new Version(0, 0) : Version.Parse(group.Value.Contains('.', StringComparison.Ordinal) ? Shortened(group.Value) : group.Value + ".0");

    // A version has four parts at most, and so far no section that is named has more.
    private static string Shortened(string number) => string.Join('.', number.Split('.').Take(4));

    private static bool IsRow(string line) => Row().IsMatch(line);

    private static string WithTests(string line, IReadOnlyList<Shown> shown)
    {
        var cells = line.Split('|');
        if (cells[3].TrimStart().StartsWith("no", StringComparison.Ordinal))
            return line;
        var sections = Sections(cells[1]).ToList();
        var files = shown.Where(s => sections.Exists(row => row.Covers(s.Section))).GroupBy(s => s.File)
            .OrderByDescending(f => f.Count()).ThenBy(f => f.Key, StringComparer.Ordinal).Select(f => $"`{f.Key}`").ToList();
        string more = files.Count > MostNamed ? $" and {files.Count - MostNamed} more" : "";
        cells[5] = files.Count == 0 ? " " : $" {string.Join(", ", files.Take(MostNamed))}{more} ";
        return string.Join('|', cells);
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    [GeneratedRegex(@"^\| \d{4}[^|]*\|[^|]*\|[^|]*\|[^|]*\|[^|]*\|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"Trait\(""RFC"", ""(?<what>[^""]+)""\)")]
    private static partial Regex Trait();

    [GeneratedRegex(@"^(?<rfc>\d{4})?\s*(§(?<from>\d+(\.\d+)*)(–§?(?<to>\d+(\.\d+)*))?)?$")]
    private static partial Regex Named();

    /// <summary>A section of an RFC, or several in a row; 0.0 for the whole.</summary>
    internal sealed record Section(int Rfc, Version Number, Version To)
    {
        /// <summary>Whether another section is this one, one of these, or within.</summary>
        public bool Covers(Section other)
        {
            if (Rfc != other.Rfc)
                return false;
            if (Number.Major == 0)
                return true;
            if (To.Major != 0)
                return other.Number >= Number && (other.Number <= To || IsWithin(other.Number, To));
            return IsWithin(other.Number, Number);
        }

        /// <inheritdoc/>
        public override string ToString() => Number.Major == 0 ? $"{Rfc}" : $"{Rfc} §{Text(Number)}{(To.Major == 0 ? "" : $"–§{Text(To)}")}";

        private static bool IsWithin(Version inner, Version outer) => $"{Text(inner)}.".StartsWith($"{Text(outer)}.", StringComparison.Ordinal);

        // Written §18, kept as 18.0, as a version has a minor part.
        private static string Text(Version version) => version is { Minor: 0, Build: -1 } ? $"{version.Major}" : version.ToString();
    }

    /// <summary>A test of a file shows a section.</summary>
    internal sealed record Shown(Section Section, string File);
}
