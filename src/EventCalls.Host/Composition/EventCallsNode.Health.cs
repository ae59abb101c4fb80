using EventCalls.Contracts.Findings;
using EventCalls.Store;
using EventCalls.Store.Spooling;

namespace EventCalls.Host.Composition;

internal sealed partial class EventCallsNode
{
    private static readonly TimeSpan s_pingLimit = TimeSpan.FromSeconds(2);
    private readonly DateTimeOffset _since;
    private volatile bool _ready;

    /// <summary>How the process is now.</summary>
    public async Task<HealthReport> HealthAsync(CancellationToken cancellationToken)
    {
        var checks = new List<HealthCheck>();
        bool alone = _outage is { IsAway: true };
        checks.Add(Bus(alone));
        if (Ingress is { } ingress)
            checks.Add(new("sip", _ready, $"{ingress.OpenCalls} calls are open, {_journal.Backlog} journal entries wait for the bus."));
        // What is wrong with others is no reason to restart this process.
        if (Ingress?.TrunkHealth is { } trunks)
            checks.Add(new("trunks", true, trunks));
        if (Ingress?.Registrations is { } registrations)
            checks.Add(new("registrations", true, registrations));
        if (Ingress is { MediaEngines: { Count: > 0 } engines })
            checks.Add(new("media", true, $"{string.Join(", ", engines.Select(e => $"{e.Engine} {(e.IsUp ? "answers" : "does not answer")}"))}."));
        if (Router?.Status() is { } logic)
            checks.Add(new("logic", logic.Ok, logic.Message));
        if (NightlyCheck is { } nightly)
            checks.Add(nightly);
        if (_spool is { } spool && !alone)
            checks.Add(SpoolOf(spool));
        if (Store is { } store)
        {
            // Who only reads there which logic is activated goes on without it.
            var check = await StoreAsync(store, cancellationToken).ConfigureAwait(false);
            checks.Add(_appends is null && _console is null ? check with { Ok = true } : check);
        }
        string status = _stopped ? "stopping" : !_ready ? "starting" : alone ? "degraded" : "ready";
        return new HealthReport(
            _ready && !_stopped && checks.TrueForAll(c => c.Ok), status, _settings.Telephony.Node, [.. _roles.Order().Select(r => r.ToString().ToLowerInvariant())], _since, checks);
    }

    /// <summary>The figures that may be missing at first, with what they are.</summary>
    public static (string Name, string Help)[] LaterFigures { get; } = [("eventcalls_trunk_up", "Whether a trunk's server answers OPTIONS."), ("eventcalls_logic_info", "The version of the logic that decides, as a label.")];

    /// <summary>The process in figures.</summary>
    public IEnumerable<Figure> Figures()
    {
        yield return new("eventcalls_ready", "Whether the process is up and takes work.", _ready && !_stopped ? 1 : 0);
        yield return new("eventcalls_bus_connected", "Whether the bus is there with its queues.", _bus.IsConnected ? 1 : 0);
        if (Ingress is { } ingress)
        {
            yield return new("eventcalls_calls_active", "Calls that are open at this node.", ingress.OpenCalls);
            yield return new("eventcalls_sip_retransmissions_total", "SIP messages sent a second time or more.", ingress.Retransmissions);
            foreach (var (trunk, server, isUp) in ingress.TrunkServers)
                yield return new(LaterFigures[0].Name, LaterFigures[0].Help, isUp ? 1 : 0, ("trunk", trunk), ("server", server));
            if (ingress.Copies is var (sent, dropped))
            {
                yield return new("eventcalls_hep_sent_total", "Copies of SIP messages sent to the collector.", sent);
                yield return new("eventcalls_hep_dropped_total", "Copies of SIP messages that could not be sent.", dropped);
            }
        }
        if (Ingress is not null || Router is not null)
            yield return new("eventcalls_journal_backlog", "Journal entries that wait for the bus.", _journal.Backlog);
        if (_appends is { } appends)
            yield return new("eventcalls_recorder_append_seconds", "How long the append under way has lasted; 0 when there is none.", appends.UnderWay.TotalSeconds);
        if (_spool is { } spool)
            yield return new("eventcalls_spool_events", "Events on disk that the store or the broker does not have yet.", spool.OwedEvents);
        if (Router?.Logic?.Current is { } logic)
            yield return new(LaterFigures[1].Name, LaterFigures[1].Help, 1, ("version", logic.Version));
        foreach (var figure in ProvingFigures())
            yield return figure;
    }

    // A node that goes on alone does its work: what restarts or drains it would only do harm, unless it can take no more.
    private HealthCheck Bus(bool alone)
    {
        if (alone && _ready)
            return new("bus", !_outage!.IsFull, $"{_bus.Description}: {_outage.Describe()}");
        bool connected = _bus.IsConnected;
        return new("bus", connected, connected ? $"{_bus.Description}: connected, with its queues." : $"{_bus.Description}: not connected; trying again.");
    }

    // A store that answers may still take nothing, as behind a lock: then this fills up.
    private static HealthCheck SpoolOf(Spool spool) => new("spool", !spool.IsFull, spool.IsFull
        ? $"{spool.OwedEvents} events wait in {spool.Folder}, which takes no more: new calls get 503 until the store takes them, or there is room again."
        : $"{spool.OwedEvents} events wait in {spool.Folder}.");

    private async Task<HealthCheck> StoreAsync(ICallStore store, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_pingLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await store.PingAsync(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return new("store", true, $"{store.Description}: reachable.");
        }
        catch (StoreUnreachableException e)
        {
            return new("store", false, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new("store", false, $"{store.Description}: did not answer in {s_pingLimit.TotalSeconds:0} s.");
        }
    }
}
