using System.IO.Compression;
using System.Text;
using EventCalls.Console.Problems;
using EventCalls.Contracts;

namespace EventCalls.Console.Logic;

/// <summary>A logic folder as a zip. Nothing of it is written anywhere.</summary>
internal static class UploadedZip
{
    // Small files that unpack to large ones end here.
    private const int MaxUnpacked = 8 << 20;
    private const int MaxEntries = 2000;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The <c>*.cs</c> files of it, as a logic folder is read: not those of <c>bin</c>, <c>obj</c> and hidden folders.</summary>
    public static async Task<IReadOnlyList<LogicSource>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        bytes.Position = 0;
        try
        {
            using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
            return UploadedFiles.Of(Files(zip));
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or DecoderFallbackException)
        {
            throw new ApiProblemException(400, "No zip", e is DecoderFallbackException ? "A file in the zip is not UTF-8." : "The body is no zip that can be read.");
        }
    }

    private static Dictionary<string, string?> Files(ZipArchive zip)
    {
        if (zip.Entries.Count > MaxEntries)
            throw ApiProblemException.Invalid("body", $"The zip has {zip.Entries.Count} entries; {MaxEntries} are possible.");
        var files = new Dictionary<string, string?>(StringComparer.Ordinal);
        int left = MaxUnpacked;
        foreach (var entry in zip.Entries)
        {
            string name = entry.FullName;
            // A name that leads elsewhere is refused, also of what is passed over: such a zip was not made by accident.
            if (!UploadedFiles.IsName(name.TrimEnd('/')))
                throw ApiProblemException.Invalid($"files[{PlainText.Of(name)}]", "A path in the zip is not relative, or has '.' or '..' in it; zip what is in the folder: (cd routing && zip -r ../routing.zip .)");
            string[] parts = name.Split('/');
            if (!name.EndsWith(".cs", StringComparison.Ordinal) || parts.Any(part => part.StartsWith('.')) || parts[..^1].Any(part => part is "bin" or "obj"))
                continue;
            if (!files.TryAdd(name, Text(entry, ref left)))
                throw ApiProblemException.Invalid($"files[{PlainText.Of(name)}]", "The file is in the zip twice.");
            if (files.Count > UploadedFiles.MaxFiles)
                throw ApiProblemException.Invalid("files", $"files: more than {UploadedFiles.MaxFiles} *.cs files are in the zip.");
        }
        return files;
    }

    private static string Text(ZipArchiveEntry entry, ref int left)
    {
        // What the zip says of the length is not believed.
        using var stream = entry.Open();
        using var unpacked = new MemoryStream();
        byte[] chunk = new byte[16 << 10];
        for (int read; (read = stream.Read(chunk)) > 0; unpacked.Write(chunk, 0, read))
        {
            if ((left -= read) < 0)
                throw new ApiProblemException(413, "Too large", $"The files in the zip are larger than {MaxUnpacked >> 20} MB together.");
        }
        unpacked.Position = 0;
        using var reader = new StreamReader(unpacked, s_utf8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
