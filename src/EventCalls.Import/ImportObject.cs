using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Import;

/// <summary>What an import came to, as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="result">What it came to.</param>
/// <param name="isDryRun">Whether nothing was to be stored.</param>
/// <param name="store">The store, for people.</param>
public sealed class ImportObject(ImportResult result, bool isDryRun, string store)
{
    // The members are written in the order in which they stand here.
    public IEnumerable<FileObject> Files => result.Files.Select(file => new FileObject(file));

    public long Packets => result.Files.Sum(file => file.Packets);

    public long Messages => result.Files.Sum(file => file.Messages);

    public long Rows => result.Files.Sum(file => file.Rows);

    public long Calls => result.Calls;

    public long Imported => result.Imported;

    public long AlreadyThere => result.AlreadyThere;

    public long UnassignedLegs => result.UnassignedLegs;

    /// <summary>How many attempts came to which outcome, by its wire name.</summary>
    public IReadOnlyDictionary<string, long> Transfers => result.Transfers.ToDictionary(t => WireName.Of(t.Key), t => t.Value);

    public bool DryRun => isDryRun;

    public string Store => store;

    public long ProblemCount => result.Problems.Count;

    public IReadOnlyList<ImportProblem> Problems => result.Problems.Listed;
}

/// <summary>What a file held.</summary>
/// <param name="file">The file.</param>
public sealed class FileObject(ImportedFile file)
{
    public string File => file.Path;

    public string? Format => file.Format;

    public long Packets => file.Packets;

    public long Messages => file.Messages;

    public long Rows => file.Rows;

    public long Calls => file.Calls;

    public IReadOnlyList<string> UnusedColumns => file.UnusedColumns;
}

/// <summary>How the result of an import is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImportObject))]
public sealed partial class ImportJson : JsonSerializerContext;
