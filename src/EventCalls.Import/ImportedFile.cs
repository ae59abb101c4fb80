namespace EventCalls.Import;

/// <summary>What a file held.</summary>
public sealed class ImportedFile(string path)
{
    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Its name without folders, which its calls carry.</summary>
    public string Name { get; } = System.IO.Path.GetFileName(path);

    /// <summary><c>pcap</c>, <c>pcapng</c> or <c>csv</c>; null when it is none of them.</summary>
    public string? Format { get; set; }

    /// <summary>How many packets it holds.</summary>
    public long Packets { get; set; }

    /// <summary>Of how many packets a part only was captured.</summary>
    public long CutPackets { get; set; }

    /// <summary>How many SIP messages were read in it.</summary>
    public long Messages { get; set; }

    /// <summary>How many rows it holds.</summary>
    public long Rows { get; set; }

    /// <summary>How many calls began in it.</summary>
    public long Calls { get; set; }

    /// <summary>The columns of a table that stand for nothing.</summary>
    public IReadOnlyList<string> UnusedColumns { get; set; } = [];

    /// <summary>Whether anything of it could be read.</summary>
    public bool WasRead => Messages > 0 || Calls > 0;
}
