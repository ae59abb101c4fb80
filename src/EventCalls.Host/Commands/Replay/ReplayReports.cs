using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Csv;
using EventCalls.Replay.Reports.Html;
using EventCalls.Replay.Reports.Json;
using EventCalls.Replay.Reports.Spool;
using EventCalls.Replay.Resuming;

namespace EventCalls.Host.Commands.Replay;

/// <summary>The reports that were asked for.</summary>
internal sealed class ReplayReports : IDisposable
{
    private readonly CommandContext _context;
    private readonly ReplayRequest _request;
    private readonly List<(ReportFile File, Action<Stream, ReplayReport, ChangedCalls, CancellationToken> Write)> _files = [];

    /// <summary>Opens the files, so that a wrong name is known before the calls are decided.</summary>
    /// <exception cref="SettingsException">One of them cannot be written, or two would share standard output.</exception>
    public ReplayReports(CommandContext context, ReplayRequest request)
    {
        (_context, _request) = (context, request);
        if (new[] { request.Json, request.Html, request.Csv }.Count(file => file == "-") > 1)
            throw new SettingsException(["'-' is given twice; standard output can take one report, write the others to files"]);
        try
        {
            Open("--json", request.Json, ReportJson.Write);
            Open("--html", request.Html, (stream, report, _, _) => ReportHtml.Write(stream, report));
            Open("--csv", request.Csv, (stream, _, changes, ct) => ReportCsv.Write(stream, changes, ct));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the replayed calls are added to.</summary>
    /// <exception cref="SettingsException">Changed calls cannot be kept on disk.</exception>
    public static ReplayProgressState NewState(IReadOnlyList<GateRule> rules)
    {
        try
        {
            return new ReplayProgressState(rules);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"No file can be made in the folder for temporary files, {Path.GetTempPath()}: {e.Message} Set TMPDIR to one that you may write to."]);
        }
    }

    /// <summary>Writes all reports.</summary>
    /// <param name="state">What the replay came to.</param>
    /// <param name="run">What was replayed.</param>
    /// <param name="tripped">Why it is not let pass; empty when it is.</param>
    /// <param name="ct">Ends the writing.</param>
    /// <exception cref="SettingsException">One of them cannot be written.</exception>
    public void Write(ReplayProgressState state, ReplayRun run, IReadOnlyList<string> tripped, CancellationToken ct)
    {
        var report = state.Report.Build(run) with { Tripped = tripped };
        foreach (var (file, write) in _files)
            file.Write(stream => write(stream, report, state.Report.Changes, ct));
        if (!_request.IsOutputTaken)
            new ReplayReportView(Screen.On(_context.Out)).Write(report);
        foreach (string rule in tripped)
            _context.Error.WriteLine($"Failed: {PlainText.Of(rule)}");
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
            _files.Add((new ReportFile(_context, option, name), write));
    }
}
