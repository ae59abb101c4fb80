using EventCalls.Console.Commands;
using EventCalls.Console.Problems;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Logic;

/// <summary>Files of logic as a request has them.</summary>
internal static class UploadedFiles
{
    /// <summary>The most bytes of a request with files in it.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>The most files.</summary>
    public const int MaxFiles = 200;

    /// <summary>Whether a path leads to nothing but what is below it.</summary>
    public static bool IsName(string name) =>
        name.Length <= 200 && !name.StartsWith('/') && !name.Contains('\\') && !name.Contains(':') && !name.Split('/').Any(part => part is "" or "." or "..") && !name.Any(char.IsControl);

    /// <summary>What else than JSON is taken.</summary>
    public const string Zip = "application/zip";

    /// <summary>The sources in a request's body, as JSON or as a zip; sorted by path.</summary>
    public static async Task<IReadOnlyList<LogicSource>> ReadAsync(HttpContext context)
    {
        if (AlsoTakes.Is(context.Request, Zip))
            return await UploadedZip.ReadAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        var upload = await GivenObject.ReadAsync(context, ConsoleJson.Default.UploadedLogic).ConfigureAwait(false);
        return Of(upload.Files);
    }

    /// <summary>The sources; refused with the field where a name or a text cannot be one.</summary>
    public static IReadOnlyList<LogicSource> Of(IReadOnlyDictionary<string, string?>? files)
    {
        if (files is not { Count: > 0 and <= MaxFiles })
            throw ApiProblemException.Invalid("files", $"files: {files?.Count ?? 0} are given; 1 to {MaxFiles} are possible, name to text.");
        var sources = new List<LogicSource>(files.Count);
        foreach (var (name, text) in files)
        {
            // Nothing is written anywhere; a name is only what diagnostics call a file.
            if (!IsName(name) || !name.EndsWith(".cs", StringComparison.Ordinal))
                throw ApiProblemException.Invalid($"files[{PlainText.Of(name)}]", "The name of a file is a relative path that ends with .cs, without '.' and '..' in it.");
            if (text is null || text.Contains('\0'))
                throw ApiProblemException.Invalid($"files[{PlainText.Of(name)}]", text is null ? "The file has no text." : "The file has a NUL character in it.");
            sources.Add(new LogicSource(name, text));
        }
        return [.. sources.OrderBy(s => s.Path, StringComparer.Ordinal)];
    }
}
