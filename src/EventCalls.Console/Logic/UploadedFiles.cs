using EventCalls.Console.Problems;
using EventCalls.Contracts;

namespace EventCalls.Console.Logic;

/// <summary>Files of logic as a request has them.</summary>
internal static class UploadedFiles
{
    /// <summary>The most bytes of a request with files in it.</summary>
    public const int MaxBytes = 4 << 20;

    private const int MaxFiles = 200;

    /// <summary>The sources; refused with the field where a name or a text cannot be one.</summary>
    public static List<LogicSource> Of(IReadOnlyDictionary<string, string?>? files)
    {
        if (files is not { Count: > 0 and <= MaxFiles })
            throw ApiProblemException.Invalid("files", $"files: {files?.Count ?? 0} are given; 1 to {MaxFiles} are possible, name to text.");
        var sources = new List<LogicSource>(files.Count);
        foreach (var (name, text) in files)
        {
            // Nothing is written anywhere; a name is only what diagnostics call a file.
            if (name.Length > 200 || !name.EndsWith(".cs", StringComparison.Ordinal) || name.StartsWith('/') || name.Contains('\\') || name.Split('/').Any(part => part is "" or "." or "..") || name.Any(char.IsControl))
                throw ApiProblemException.Invalid($"files[{PlainText.Of(name)}]", "The name of a file is a relative path that ends with .cs, without '.' and '..' in it.");
            sources.Add(new LogicSource(name, text ?? throw ApiProblemException.Invalid($"files[{PlainText.Of(name)}]", "The file has no text.")));
        }
        return sources;
    }
}
