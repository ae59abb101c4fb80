using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Console.Replays;

/// <summary>One replay that was started here: decides past calls again in the background, and keeps its reports in a folder that goes with it.</summary>
public sealed class ReplayJob : IDisposable
{
    private const int MostShown = 500;

    private readonly CancellationTokenSource _stop = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-replay-");
    private readonly ReplayRequest _request;
    private readonly TimeProvider _time;
    private volatile ReplayJobState _state = ReplayJobState.Running;
    private long _decided;

    /// <param name="request">What was asked for.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="time">The clock.</param>
    internal ReplayJob(ReplayRequest request, string by, TimeProvider time)
    {
        (_request, By, _time) = (request with { Json = PathOf("report.json"), Html = PathOf("report.html"), Csv = PathOf("report.csv") }, by, time);
        StartedAt = time.GetUtcNow();
    }

    /// <summary>Its id.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Who asked for it.</summary>
    public string By { get; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The candidate.</summary>
    public string Logic => _request.Logic;

    /// <summary>Which calls, for people.</summary>
    public string Words => _request.Words;

    /// <summary>How far it is.</summary>
    public ReplayJobState State => _state;

    /// <summary>How many calls were decided.</summary>
    public long Decided => Interlocked.Read(ref _decided);

    /// <summary>How many calls there are to decide; 0 until they are counted.</summary>
    public long Calls { get; private set; }

    /// <summary>What it came to; null while it runs.</summary>
    public Replay.Reports.Contents.ReportTotals? Totals { get; private set; }

    /// <summary>The first changed calls, as the report has them.</summary>
    public IReadOnlyList<JsonElement> Changed { get; private set; } = [];

    /// <summary>Why it failed, for people; null when it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>The file of a report; null as long as there is none.</summary>
    public string? Report(string name) => State is ReplayJobState.Done or ReplayJobState.Stopped && File.Exists(PathOf(name)) ? PathOf(name) : null;

    /// <summary>Ends it before the last call; the report is of those that were decided.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Decides.</summary>
    /// <param name="store">Where the calls are.</param>
    /// <param name="compile">Compiles the candidate.</param>
    /// <param name="options">How calls are decided.</param>
    /// <param name="stopping">The process stops.</param>
    internal async Task RunAsync(ICallStore store, Func<CancellationToken, Task<LogicCheck>> compile, ReplayOptions options, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, stopping);
        try
        {
            var check = await compile(either.Token).ConfigureAwait(false);
            using var candidate = check.Logic ?? throw new InvalidDataException($"The logic does not compile: {check.Diagnostics[0]}");
            var session = new ReplaySession(_request, store, candidate, _time);
            using var replayer = new Replayer(candidate, options, _time);
            using var state = new ReplayProgressState([]);
            using var reports = new ReportFiles(_request, _folder.FullName, TextWriter.Null);
            var calls = await ChosenCalls.FindAsync(store, _request.Choice, either.Token).ConfigureAwait(false);
            Calls = calls.Count;
            bool isWhole = await session.DecideAsync(replayer, calls, state, null, () => Interlocked.Increment(ref _decided), either.Token).ConfigureAwait(false);
            var report = state.Report.Build(session.Describe(state.Totals, !isWhole));
            reports.Write(report, state.Report.Changes, CancellationToken.None);
            Changed = [.. state.Report.Changes.Read().Take(MostShown).Select(line => JsonElement.Parse(line.Span))];
            Totals = report.Totals;
            _state = isWhole ? ReplayJobState.Done : ReplayJobState.Stopped;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            _state = ReplayJobState.Stopped;
        }
        catch (Exception e)
        {
            // Whatever it is, it is this replay's, and who started it has to know.
            Problem = e.Message;
            _state = ReplayJobState.Failed;
        }
    }

    /// <summary>Takes its reports away.</summary>
    public void Dispose()
    {
        _stop.Dispose();
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

/// <summary>How far a replay is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplayJobState>))]
public enum ReplayJobState
{
    /// <summary>It decides.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>All calls are decided.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It was ended before the last call.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>It could not go on.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
