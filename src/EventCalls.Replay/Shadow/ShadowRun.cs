using EventCalls.Replay.Choosing;
using EventCalls.Replay.Reports.Diffs;
using EventCalls.Replay.Reports.Html;
using EventCalls.Replay.Reports.Json;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Replay.Shadow;

/// <summary>One shadow: the calls that end, decided again in deciders of its own, and what comes of that as a report that grows.</summary>
/// <remarks>
/// It reads what is recorded, in pages and in the order in which calls began, so nothing of it is in the way of a call; what it does not come to is dropped and counted.
/// A call that lasts is waited for for ten minutes, and then decided by itself when it has ended.
/// </remarks>
internal sealed class ShadowRun : IDisposable
{
    private const int CallsAtATime = 500;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly ICallStore _store;
    private readonly TimeProvider _time;
    private readonly CompiledLogic _logic;
    private readonly Replayer _replayer;
    private readonly int _mostWaiting;
    private readonly ReplayProgressState _state = new([]);
    private readonly HashSet<Guid> _lasting = [];
    private readonly long _began;
    private DateTimeOffset _open;
    private DateTimeOffset _from;
    private DateTimeOffset _looked;
    private CallCursor? _behind;
    private long _dropped;
    private long _waiting;
    private TimeSpan? _took;

    public ShadowRun(ShadowRecord record, CompiledLogic logic, ICallStore store, ReplayOptions options, int mostWaiting, TimeProvider time)
    {
        (Record, _logic, _store, _mostWaiting, _time) = (record, logic, store, mostWaiting, time);
        _replayer = new Replayer(logic, options, time);
        (_open, _from, _looked) = (record.At, record.At, record.At);
        _began = time.GetTimestamp();
    }

    public ShadowRecord Record { get; }

    /// <summary>The record that ended it; null while it goes on.</summary>
    public ShadowRecord? Ended { get; private set; }

    public ShadowStatus Status
    {
        get
        {
            lock (_gate)
                return new ShadowStatus(Record, _state.Report.Totals, _dropped, _waiting) { Ended = Ended };
        }
    }

    /// <summary>Writes the report so far, as a page or as JSON.</summary>
    public async Task WriteAsync(Stream stream, bool asPage, CancellationToken cancellationToken)
    {
        Dictionary<string, long> decided;
        lock (_gate)
            decided = new(_state.Totals.Baseline, StringComparer.Ordinal);
        var diff = asPage ? await ReplaySession.DiffAsync(_store, decided, _logic.Sources, cancellationToken).ConfigureAwait(false) : SourceChanges.None;
        lock (_gate)
        {
            var report = _state.Report.Build(new ReplayRun
            {
                Baseline = decided,
                Candidate = _logic.Version,
                CandidateName = "shadow",
                Store = _store.Description,
                Query = new CallQuery { From = Record.At, To = Ended?.At },
                Where = ShadowSpan.WordsOf(Record, Ended),
                BeganAt = Record.At,
                Elapsed = _took ?? _time.GetElapsedTime(_began),
            }) with
            { Diff = diff };
            if (asPage)
                ReportHtml.Write(stream, report, _state.Report.Changes);
            else
                ReportJson.Write(stream, report, _state.Report.Changes);
        }
    }

    /// <summary>Decides what has ended since; whether there is more to do at once.</summary>
    public async Task<bool> GoOnAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var until = now;
        await foreach (var open in _store.ReadCallsAsync(new CallQuery { From = _open, To = now, Ended = false, Limit = 1 }, cancellationToken).ConfigureAwait(false))
            until = open.Call.StartedAt > now - s_longest ? open.Call.StartedAt : now - s_longest;
        if (until > _from)
        {
            var ended = new CallQuery { From = _from, To = until, Ended = true };
            await DropAsync(ended, cancellationToken).ConfigureAwait(false);
            int decided = await DecideAsync(new CallChoice { Query = ended with { From = _from, Limit = CallsAtATime } }, _behind, isPage: true, cancellationToken).ConfigureAwait(false);
            if (decided == CallsAtATime)
                return true;
            // What is still open there is not waited for any longer.
            await foreach (var open in _store.ReadCallsAsync(new CallQuery { From = _open, To = until, Ended = false }, cancellationToken).ConfigureAwait(false))
                _lasting.Add(open.Call.CallId);
            (_open, _from, _behind) = (until, until, null);
        }
        if (_lasting.Count > 0 && now - _looked >= s_lookAgain)
        {
            _looked = now;
            await DecideLastingAsync(cancellationToken).ConfigureAwait(false);
        }
        return false;
    }

    /// <summary>Decides what had ended by then and was not decided yet, and nothing any more: what decides is given back, the report stays.</summary>
    public async Task EndAsync(ShadowRecord ended, CancellationToken cancellationToken)
    {
        if (Ended is not null)
            return;
        if (ended.At > _from)
        {
            var left = new CallQuery { From = _from, To = ended.At, Ended = true };
            await DropAsync(left, cancellationToken).ConfigureAwait(false);
            await DecideAsync(new CallChoice { Query = left with { From = _from } }, _behind, isPage: true, cancellationToken).ConfigureAwait(false);
        }
        await DecideLastingAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
            (Ended, _waiting, _took) = (ended, 0, _time.GetElapsedTime(_began));
        GiveBack();
    }

    public void Dispose()
    {
        if (Ended is null)
            GiveBack();
        _state.Dispose();
    }

    private void GiveBack()
    {
        _replayer.Dispose();
        _logic.Dispose();
    }

    private async Task DecideLastingAsync(CancellationToken cancellationToken)
    {
        foreach (var id in _lasting.ToList())
        {
            if (await _store.FindAsync(id.ToString(), cancellationToken).ConfigureAwait(false) is { EndedAt: null })
                continue;
            _lasting.Remove(id);
            await DecideAsync(new CallChoice { Ids = [id.ToString()] }, null, isPage: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DropAsync(CallQuery ended, CancellationToken cancellationToken)
    {
        long waiting = await _store.CountAsync(ended, cancellationToken).ConfigureAwait(false);
        lock (_gate)
            _waiting = Math.Min(waiting, _mostWaiting);
        if (waiting <= _mostWaiting)
            return;
        var kept = await _store.SearchAsync(ended with { Limit = _mostWaiting }, cancellationToken).ConfigureAwait(false);
        (_from, _behind) = (kept[^1].StartedAt, null);
        lock (_gate)
            _dropped += waiting - _mostWaiting;
    }

    private async Task<int> DecideAsync(CallChoice choice, CallCursor? behind, bool isPage, CancellationToken cancellationToken)
    {
        int decided = 0;
        var calls = await ChosenCalls.FindAsync(_store, choice, cancellationToken).ConfigureAwait(false);
        await foreach (var call in _replayer.RunAsync(calls.ReadAsync(behind, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            decided++;
            if (isPage)
                (_from, _behind) = (call.Call.StartedAt, CallCursor.Of(call.Call));
            lock (_gate)
                _state.Add(call);
        }
        return decided;
    }
}
