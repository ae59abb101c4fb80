using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Csv;
using EventCalls.Replay.Reports.Html;
using EventCalls.Replay.Reports.Json;
using EventCalls.Replay.Reports.Review;
using EventCalls.Replay.Reports.Spool;

namespace EventCalls.Replay.Reports;

/// <summary>The reports that were asked for.</summary>
public sealed class ReportFiles : IDisposable
{
    private readonly string _folder;
    private readonly TextWriter _output;
    private readonly List<(ReportFile File, Action<Stream, ReplayReport, ChangedCalls, CancellationToken> Write)> _files = [];

    /// <summary>Opens the files, so that a wrong name is known before the calls are decided.</summary>
    /// <param name="request">Which reports go where.</param>
    /// <param name="folder">Where relative paths are meant from.</param>
    /// <param name="output">Standard output; stays open.</param>
    /// <exception cref="ReportFileException">One of them cannot be written, or two would share standard output.</exception>
    public ReportFiles(ReplayRequest request, string folder, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(request);
        (_folder, _output) = (folder, output);
        if (request.Outputs.Count(file => file == "-") > 1)
            throw new ReportFileException("'-' is given twice; standard output can take one report, write the others to files");
        try
        {
            Open("--json", request.Json, ReportJson.Write);
            Open("--html", request.Html, (stream, report, changes, _) => ReportHtml.Write(stream, report, changes));
            Open("--csv", request.Csv, (stream, _, changes, ct) => ReportCsv.Write(stream, changes, ct));
            Open("--markdown", request.Markdown, (stream, report, _, _) => ReportMarkdown.Write(stream, report));
            Open("--junit", request.JUnit, (stream, report, _, _) => ReportJUnit.Write(stream, report));
            Open("--sarif", request.Sarif, (stream, report, _, _) => ReportSarif.Write(stream, report));
            Open("--annotations", request.Annotations, (stream, report, _, _) => ReportAnnotations.Write(stream, report));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Writes all of them.</summary>
    /// <param name="report">The report.</param>
    /// <param name="changes">The changed calls of the same builder.</param>
    /// <param name="ct">Ends the writing.</param>
    /// <exception cref="ReportFileException">One of them cannot be written.</exception>
    public void Write(ReplayReport report, ChangedCalls changes, CancellationToken ct)
    {
        foreach (var (file, write) in _files)
            file.Write(stream => write(stream, report, changes, ct));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var (file, _) in _files)
            file.Dispose();
    }

    private void Open(string option, string? name, Action<Stream, ReplayReport, ChangedCalls, CancellationToken> write)
    {
        if (name is not null)
            _files.Add((new ReportFile(option, name, _folder, _output), write));
    }
}
