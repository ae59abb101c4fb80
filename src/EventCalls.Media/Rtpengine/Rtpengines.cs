using System.Net;
using Microsoft.Extensions.Logging;

namespace EventCalls.Media.Rtpengine;

/// <summary>The rtpengines of a node: new sessions go to those that answer, in turn. Any thread may use it.</summary>
public sealed class Rtpengines : IAsyncDisposable
{
    private static readonly NgValue s_ping = NgValue.Of([new("command", NgValue.Of("ping"))]);

    private readonly Engine[] _engines;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private Task _asking = Task.CompletedTask;
    private int _turn;

    /// <summary>Engines; they are asked for nothing yet.</summary>
    /// <param name="addresses">Where they listen for the NG protocol, at least one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public Rtpengines(IReadOnlyList<IPEndPoint> addresses, TimeProvider time, ILogger logger)
    {
        _engines = [.. addresses.Select(address => new Engine(address, time))];
        _time = time;
        _logger = logger;
    }

    /// <summary>How often each is asked whether it is there.</summary>
    public static TimeSpan PingEvery { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Each engine, and whether it answers.</summary>
    public IReadOnlyList<(string Engine, bool IsUp)> States => [.. _engines.Select(e => (e.Name, e.IsUp))];

    /// <summary>Asks all of them regularly whether they are there, until this is disposed of.</summary>
    public void Start() => _asking = Task.WhenAll(_engines.Select(PingAsync));

    /// <summary>A session of two sides; an engine is chosen when its first offer is made.</summary>
    /// <param name="callId">What it is called there; each has an own one.</param>
    /// <param name="first">The one side.</param>
    /// <param name="second">The other.</param>
    /// <param name="transcodes">Whether what is offered is also offered in our codecs that are not in it, which the engine then turns into it.</param>
    public RtpengineSession Open(string callId, RtpengineSide first, RtpengineSide second, bool transcodes = false) => new(this, callId, first, second, transcodes);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _asking.ConfigureAwait(false);
        foreach (var engine in _engines)
            engine.Dispose();
        _stopping.Dispose();
    }

    /// <summary>The clock.</summary>
    internal TimeProvider Time => _time;

    /// <summary>The engines in the order in which a new session tries them: those that answer, beginning with the next one in turn, and then the others.</summary>
    internal IEnumerable<Engine> InTurn()
    {
        int first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)_engines.Length);
        var all = Enumerable.Range(0, _engines.Length).Select(i => _engines[(first + i) % _engines.Length]).ToArray();
        return all.Where(e => e.IsUp).Concat(all.Where(e => !e.IsUp)).ToArray();
    }

    private async Task PingAsync(Engine engine)
    {
        bool? wasUp = null;
        while (!_stopping.IsCancellationRequested)
        {
            await engine.AskAsync(s_ping).ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
                return;
            if (engine.IsUp != wasUp)
            {
                if (!engine.IsUp)
                    _logger.LogWarning("The rtpengine {Engine} does not answer; new calls go to others, where there are any", engine.Name);
                else if (wasUp == false)
                    _logger.LogInformation("The rtpengine {Engine} answers again", engine.Name);
                wasUp = engine.IsUp;
            }
            try
            {
                await Task.Delay(PingEvery, _time, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
