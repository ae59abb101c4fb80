using System.Text;
using EventCalls.Contracts;
using EventCalls.Import.Captures;

namespace EventCalls.Import.Csv;

/// <summary>A table of calls: the first line names the columns, every other row is a call.</summary>
internal sealed class CsvFile : IDisposable
{
    private const int MostLooked = 4_096;

    private readonly FileStream _file;
    private readonly StreamReader _text;
    private readonly CsvOptions _options;
    private readonly ImportProblems _problems;
    private readonly CsvRows _rows;
    private readonly CsvColumns? _columns;
    private readonly CsvRecords _records = new();
    private readonly string _name;

    private CsvFile(string path, CsvOptions options, ImportProblems problems)
    {
        _name = Path.GetFileName(path);
        (_options, _problems) = (options, problems);
        _file = Bytes(path);
        _text = new StreamReader(CaptureReader.Unpacked(_file), Encoding.UTF8);
        _rows = new CsvRows(_text, options.Delimiter);
        if (Next() is { } names)
            _columns = CsvColumns.Of([.. names], options, problems);
        else if (_rows.Line == 0)
            problems.Add("", "the table is empty");
    }

    /// <summary>How much of the file has been read, as it lies on the disk.</summary>
    public long BytesRead => _file.Position;

    /// <summary>Where the row is that was read last, for people.</summary>
    public string At { get; private set; } = "";

    /// <summary>The columns that stand for nothing.</summary>
    public IReadOnlyList<string> UnusedColumns => _columns?.Unused ?? [];

    /// <summary>Opens a table that may be compressed with gzip; what is wrong with its first line is noted, and it then has no rows.</summary>
    public static CsvFile Open(string path, CsvOptions options, ImportProblems problems) => new(path, options, problems);

    /// <summary>Whether a file is text, and so may be a table.</summary>
    public static bool LooksLikeOne(string path)
    {
        using var file = Bytes(path);
        using var stream = CaptureReader.Unpacked(file);
        Span<byte> head = stackalloc byte[MostLooked];
        int length;
        try
        {
            length = stream.ReadAtLeast(head, MostLooked, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return false;
        }
        head = head[..length];
        return length > 0 && !head.Contains((byte)0) && head.IndexOfAny((byte)'\n', (byte)',', (byte)';') >= 0;
    }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <param name="call">The row's events; null when it cannot be used, which is noted.</param>
    public bool TryRead(out IReadOnlyList<CallEvent>? call)
    {
        call = null;
        if (_columns is null || Next() is not { } fields)
            return false;
        // What is no UTF-8 is decoded into the mark for it.
        if (fields.Any(field => field.Contains('\uFFFD')))
            _problems.Once($"line {_rows.Line}", "the table is not in UTF-8 throughout; what is not shows as \uFFFD. Convert it first, such as with iconv -f ISO-8859-1 -t UTF-8");
        At = $"line {_rows.Line}";
        call = CsvCall.Build(new CsvRow(_columns, fields, _options, _rows.Line, _problems), _options, _name, _records);
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => _text.Dispose();

    private static FileStream Bytes(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);

    // What cannot be cut is noted with its line, and reading goes on behind it.
    private IReadOnlyList<string>? Next()
    {
        try
        {
            while (_rows.Read())
            {
                if (_rows.Problem is not { } problem)
                    return _rows.Fields;
                _problems.Add($"line {_rows.Line}", problem);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            _problems.Add("", $"the file cannot be read further: {e.Message}");
        }
        return null;
    }
}
