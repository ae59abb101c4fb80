using EventCalls.Import.Calls;
using EventCalls.Import.Captures;
using EventCalls.Import.Csv;
using EventCalls.Store;

namespace EventCalls.Import;

/// <summary>One import: captures together, in the order of their time, so that a call may go on in the next file; then tables, each for itself.</summary>
/// <param name="options">What is imported.</param>
/// <param name="store">The store; null when there is none yet and nothing is to be stored.</param>
/// <param name="progress">Told now and then how far it is: the file, and how many bytes of all have been read.</param>
public sealed class ImportRun(ImportOptions options, ICallStore? store, Action<ImportProgress> progress)
{
    private const int PacketsPerReport = 4_096;

    private readonly ImportResult _result = new();
    private readonly long _totalBytes = options.Files.Sum(path => new FileInfo(path).Length);
    private long _bytesBefore;

    /// <summary>Imports.</summary>
    public async Task<ImportResult> RunAsync(CancellationToken cancellationToken)
    {
        var writer = new CallWriter(store, options.IsDryRun, _result);
        var captures = new List<(ImportedFile File, DateTimeOffset First)>();
        var tables = new List<ImportedFile>();
        foreach (string path in options.Files)
        {
            var file = new ImportedFile(path);
            _result.Problems.File = file.Name;
            if (FirstTime(file) is { } first)
                captures.Add((file, first));
            else if (CsvFile.LooksLikeOne(path))
                tables.Add(file);
            else
                Refuse(file);
        }
        var ordered = captures.OrderBy(c => c.First).Select(c => c.File).ToList();
        if (ordered.Count > 0)
            await ReadCapturesAsync(ordered, writer, cancellationToken);
        foreach (var table in tables)
            await ReadTableAsync(table, writer, cancellationToken);
        return _result;
    }

    private void Refuse(ImportedFile file)
    {
        _result.Files.Add(file);
        _result.Problems.Add("", "it is no capture (pcap or pcapng, perhaps with gzip) and no table (CSV)");
    }

    /// <summary>When a capture begins; null for a file that is none.</summary>
    private static DateTimeOffset? FirstTime(ImportedFile file)
    {
        using var reader = Open(file, new ImportProblems());
        if (reader is null)
            return null;
        file.Format = reader.Format;
        return reader.TryRead(out var packet) ? packet.Time : DateTimeOffset.MaxValue;
    }

    private static CaptureReader? Open(ImportedFile file, ImportProblems problems)
    {
        var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        return CaptureReader.Open(stream, problems, new DateTimeOffset(File.GetLastWriteTimeUtc(file.Path), TimeSpan.Zero));
    }

    private async Task ReadCapturesAsync(List<ImportedFile> files, CallWriter writer, CancellationToken cancellationToken)
    {
        var current = files[0];
        var tracker = new CallTracker(options.Perspective, _result.Problems, Take);
        var messages = new MessageReader(_result.Problems, tracker.Add);
        foreach (var file in files)
        {
            current = file;
            _result.Files.Add(file);
            _result.Problems.File = file.Name;
            using var reader = Open(file, _result.Problems)!;
            long before = messages.Messages;
            while (reader.TryRead(out var packet))
            {
                messages.Add(packet);
                if (packet.Length > packet.Captured)
                    file.CutPackets++;
                if (++file.Packets % PacketsPerReport == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Report(file, reader.BytesRead);
                }
                if (writer.IsFull)
                    await writer.FlushAsync(cancellationToken);
            }
            messages.EndFile();
            file.Messages = messages.Messages - before;
            _bytesBefore += new FileInfo(file.Path).Length;
        }
        long last = messages.Messages;
        messages.End();
        current.Messages += messages.Messages - last;
        foreach (var dialog in tracker.Remaining)
        {
            tracker.Close(dialog);
            if (writer.IsFull)
                await writer.FlushAsync(cancellationToken);
        }
        tracker.End();
        await writer.FlushAsync(cancellationToken);
        NameEmpty(files);
        _result.UnassignedLegs = tracker.UnassignedLegs;

        void Take(CapturedDialog call)
        {
            files.First(file => file.Name == call.File).Calls++;
            writer.Add(CallEventsBuilder.Build(call, options.Perspective, call.File));
        }
    }

    // A capture in which nothing was found, and nothing was said about, would pass for one without calls.
    private void NameEmpty(List<ImportedFile> files)
    {
        foreach (var file in files)
        {
            if (file.Messages > 0 || _result.Problems.CountOf(file.Name) > 0)
                continue;
            _result.Problems.File = file.Name;
            _result.Problems.Add("", $"no SIP message was found in its {file.Packets} packets{(file.CutPackets > 0 ? $", of which {file.CutPackets} were captured in part" : "")}; capture at the host or port that the calls pass, and before they are encrypted");
        }
    }

    private async Task ReadTableAsync(ImportedFile file, CallWriter writer, CancellationToken cancellationToken)
    {
        file.Format = "csv";
        _result.Files.Add(file);
        _result.Problems.File = file.Name;
        using var table = CsvFile.Open(file.Path, options.Csv, _result.Problems);
        file.UnusedColumns = table.UnusedColumns;
        while (table.TryRead(out var call))
        {
            file.Rows++;
            if (call is not null)
            {
                file.Calls++;
                writer.AddRow(call, table.At);
            }
            if (file.Rows % PacketsPerReport == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Report(file, table.BytesRead);
            }
            if (writer.IsFull)
                await writer.FlushAsync(cancellationToken);
        }
        _bytesBefore += new FileInfo(file.Path).Length;
        await writer.FlushAsync(cancellationToken);
    }

    private void Report(ImportedFile file, long bytes) => progress(new ImportProgress(file.Name, _bytesBefore + bytes, _totalBytes, _result.Calls));
}
