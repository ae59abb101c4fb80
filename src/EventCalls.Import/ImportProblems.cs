namespace EventCalls.Import;

/// <summary>What could not be imported: all of it counted, the first of it listed, so that a file of nothing but damage needs no memory.</summary>
public sealed class ImportProblems
{
    /// <summary>How many are kept; beyond that they are counted only.</summary>
    public const int MostListed = 200;

    private readonly List<ImportProblem> _listed = [];
    private readonly HashSet<(string File, string Kind)> _once = [];
    private readonly Dictionary<string, long> _byFile = new(StringComparer.Ordinal);

    /// <summary>The first ones.</summary>
    public IReadOnlyList<ImportProblem> Listed => _listed;

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>How many there were in a file.</summary>
    public long CountOf(string file) => _byFile.GetValueOrDefault(file);

    /// <summary>The file that is read now.</summary>
    public string File { get; set; } = "";

    /// <summary>Notes one at an offset of the file that is read now.</summary>
    public void AtOffset(long offset, string message) => Add(string.Create(null, $"offset {offset}"), message);

    /// <summary>Notes one.</summary>
    public void Add(string at, string message)
    {
        Count++;
        _byFile[File] = CountOf(File) + 1;
        if (_listed.Count < MostListed)
            _listed.Add(new ImportProblem(File, at, message));
    }

    /// <summary>Notes one of a kind that every packet of the file may have: the first time only.</summary>
    public void Once(string at, string message)
    {
        if (_once.Count < MostListed && _once.Add((File, message)))
            Add(at, message);
    }
}
