using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Replay.Reports;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Adds the replayed calls up and writes the reports that were asked for.</summary>
internal sealed class ReplayReports : IDisposable
{
    private readonly CommandContext _context;
    private readonly bool _isTextShown;
    private readonly List<(ReportFile File, Action<Stream, ReplayReport, CancellationToken> Write)> _files = [];

    /// <summary>Opens the files, so that a wrong name is known before the calls are decided.</summary>
    /// <exception cref="SettingsException">One of them cannot be written.</exception>
    public ReplayReports(CommandContext context, ReplayRequest request)
    {
        _context = context;
        string?[] names = [request.Json, request.Html, request.Csv];
        if (names.Count(n => n == "-") > 1)
            throw new SettingsException(["Only one of --json, --html and --csv can be -; name files for the others"]);
        _isTextShown = !names.Contains("-");
        try
        {
            Builder = new ReplayReportBuilder();
            Open("--json", request.Json, (stream, report, ct) => ReportJson.Write(stream, report, Builder.Changes, ct));
            Open("--html", request.Html, (stream, report, _) => ReportHtml.Write(stream, report));
            Open("--csv", request.Csv, (stream, _, ct) => ReportCsv.Write(stream, Builder.Changes, ct));
        }
        catch (IOException e) when (Builder is null)
        {
            throw new SettingsException([$"No file can be made in the folder for temporary files, {Path.GetTempPath()}: {e.Message} Set TMPDIR to one that you may write to."]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the calls are added to; its state can be saved and loaded.</summary>
    public ReplayReportBuilder Builder { get; }

    /// <summary>Takes the next call.</summary>
    public void Add(ReplayedCall call) => Builder.Add(call);

    /// <summary>Writes all reports.</summary>
    /// <param name="run">What was replayed.</param>
    /// <param name="tripped">Why it is not let pass; empty when it is.</param>
    /// <param name="ct">Ends the writing.</param>
    /// <exception cref="SettingsException">One of them cannot be written.</exception>
    public void Finish(ReplayRun run, IReadOnlyList<string> tripped, CancellationToken ct)
    {
        var report = Builder.Build(run) with { Tripped = tripped };
        foreach (var (file, write) in _files)
            file.Write(stream => write(stream, report, ct));
        if (_isTextShown)
            new ReplayReportView(Screen.On(_context.Out)).Write(report);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var (file, _) in _files)
            file.Dispose();
        Builder?.Dispose();
    }

    private void Open(string option, string? name, Action<Stream, ReplayReport, CancellationToken> write)
    {
        if (name is not null)
            _files.Add((new ReportFile(_context, option, name), write));
    }
}
