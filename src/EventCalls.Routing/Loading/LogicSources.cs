using System.Text;
using EventCalls.Contracts;

namespace EventCalls.Routing.Loading;

/// <summary>Reads the source files of a logic folder.</summary>
internal static class LogicSources
{
    private const int MaxFiles = 1000;
    private const int MaxBytes = 8 << 20;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All <c>*.cs</c> of the folder and its subfolders, but not of <c>bin</c>, <c>obj</c> and hidden ones; sorted by path.</summary>
    /// <exception cref="IOException">The folder or a file cannot be read, or there is too much of it.</exception>
    public static IReadOnlyList<LogicSource> Read(string folder)
    {
        var files = Files(folder);
        if (files.Sum(f => f.Length) > MaxBytes)
            throw new IOException($"The sources in '{folder}' are larger than {MaxBytes >> 20} MB together; is this the folder of the routing logic?");
        return [.. files.Select(f => new LogicSource(Relative(folder, f), Text(f))).OrderBy(s => s.Path, StringComparer.Ordinal)];
    }

    /// <summary>Changes when a file is added, removed or written to; cheap.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static string Fingerprint(string folder) =>
        string.Join('|', Files(folder).Select(f => $"{f.Path}:{f.Length}:{f.WrittenAt}").Order(StringComparer.Ordinal));

    private static List<SourceFile> Files(string folder)
    {
        try
        {
            var root = new DirectoryInfo(folder);
            if (!root.Exists)
                throw new IOException($"The folder '{root.FullName}' does not exist.");
            var found = new List<SourceFile>();
            Collect(root, found, depth: 0);
            return found;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The folder '{folder}' cannot be read: {e.Message}", e);
        }
    }

    private static void Collect(DirectoryInfo folder, List<SourceFile> found, int depth)
    {
        foreach (var file in folder.EnumerateFiles("*.cs"))
        {
            if (file.Name[0] == '.')
                continue;
            // A mounted configuration is made of links; the length and time that count are the target's.
            var content = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            if (!content.Exists)
                continue;
            found.Add(new SourceFile(file.FullName, content.Length, content.LastWriteTimeUtc.Ticks));
            if (found.Count > MaxFiles)
                throw new IOException($"There are more than {MaxFiles} *.cs files in '{folder.FullName}'; is this the folder of the routing logic?");
        }

        foreach (var sub in folder.EnumerateDirectories())
        {
            if (sub.Name[0] != '.' && sub.Name is not ("bin" or "obj") && sub.LinkTarget is null && depth < 16)
                Collect(sub, found, depth + 1);
        }
    }

    private static string Relative(string folder, SourceFile file) =>
        Path.GetRelativePath(folder, file.Path).Replace('\\', '/');

    private static string Text(SourceFile file)
    {
        try
        {
            using var reader = new StreamReader(file.Path, s_utf8, detectEncodingFromByteOrderMarks: true);
            string text = reader.ReadToEnd();
            // It is kept as it is, and databases take none.
            return text.Contains('\0') ? throw new IOException($"The file '{file.Path}' has a NUL character in it; is it text?") : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new IOException($"The file '{file.Path}' is not UTF-8.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The file '{file.Path}' cannot be read: {e.Message}", e);
        }
    }

    private readonly record struct SourceFile(string Path, long Length, long WrittenAt);
}
