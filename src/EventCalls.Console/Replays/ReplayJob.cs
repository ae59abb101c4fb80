using System.Text.Json;
using EventCalls.Console.Jobs;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Console.Replays;

/// <summary>One replay that was started here: decides past calls again in the background, and keeps its reports in a folder that goes with it.</summary>
public sealed class ReplayJob : Job
{
    private const int MostShown = 500;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-replay-");
    private readonly ReplayRequest _request;
    private readonly ICallStore _store;
    private readonly Func<CancellationToken, Task<LogicCheck>> _compile;
    private readonly ReplayOptions _options;
    private readonly TimeProvider _time;
    private long _decided;

    /// <param name="request">What was asked for.</param>
    /// <param name="store">Where the calls are.</param>
    /// <param name="compile">Compiles the candidate.</param>
    /// <param name="options">How calls are decided.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="time">The clock.</param>
    internal ReplayJob(ReplayRequest request, ICallStore store, Func<CancellationToken, Task<LogicCheck>> compile, ReplayOptions options, string by, TimeProvider time)
        : base(by, time)
    {
        _request = request with { Json = PathOf("report.json"), Html = PathOf("report.html"), Csv = PathOf("report.csv") };
        (_store, _compile, _options, _time) = (store, compile, options.For(request), time);
    }

    /// <summary>The candidate.</summary>
    public string Logic => _request.Logic;

    /// <summary>Which calls, for people.</summary>
    public string Words => _request.Words;

    /// <summary>How many calls were decided.</summary>
    public long Decided => Interlocked.Read(ref _decided);

    /// <summary>How many calls there are to decide; 0 until they are counted.</summary>
    public long Calls { get; private set; }

    /// <summary>What it came to; null while it runs.</summary>
    public Replay.Reports.Contents.ReportTotals? Totals { get; private set; }

    /// <summary>The first changed calls, as the report has them.</summary>
    public IReadOnlyList<JsonElement> Changed { get; private set; } = [];

    /// <summary>The file of a report; null as long as there is none.</summary>
    public string? Report(string name) => State is JobState.Done or JobState.Stopped && File.Exists(PathOf(name)) ? PathOf(name) : null;

    private protected override async Task<JobState> WorkAsync(CancellationToken cancellationToken)
    {
        var check = await _compile(cancellationToken).ConfigureAwait(false);
        using var candidate = check.Logic ?? throw new InvalidDataException($"The logic does not compile: {check.Diagnostics[0]}");
        var session = new ReplaySession(_request, _store, candidate.Version, _time, sources: candidate.Sources);
        using var replayer = new Replayer(candidate, _options, _time);
        using var state = new ReplayProgressState([]);
        using var reports = new ReportFiles(_request, _folder.FullName, TextWriter.Null);
        var calls = await ChosenCalls.FindAsync(_store, _request.Choice, cancellationToken).ConfigureAwait(false);
        Calls = calls.Count;
        bool isWhole = await session.DecideAsync(replayer, calls, state, null, () => Interlocked.Increment(ref _decided), cancellationToken).ConfigureAwait(false);
        var report = state.Report.Build(session.Describe(state.Totals, !isWhole)) with { Diff = await session.DiffAsync(state.Totals, CancellationToken.None).ConfigureAwait(false) };
        reports.Write(report, state.Report.Changes, CancellationToken.None);
        Changed = [.. state.Report.Changes.Read().Take(MostShown).Select(line => JsonElement.Parse(line.Span))];
        Totals = report.Totals;
        return isWhole ? JobState.Done : JobState.Stopped;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Somebody reads a report; the folder for temporary files is cleared by the system.
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
