using System.Net;
using EventCalls.Contracts;
using EventCalls.Host.Composition;
using EventCalls.Host.Configuration;
using EventCalls.Simulation.Live;
using EventCalls.Store;
using EventCalls.Terminal;

namespace EventCalls.Host.Demo;

/// <summary>Plays a demo: simulated parties and a whole node in this process, calls between them, and the judgement of what was stored.</summary>
/// <param name="options">What is played.</param>
/// <param name="folder">Where the store is made; it is kept.</param>
/// <param name="screen">Where people follow it; null for nobody.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">The node's log.</param>
/// <param name="stay">Serves the console, is told what it all came to when the last call has ended, and goes on until it is cancelled; null for neither.</param>
internal sealed class DemoRun(DemoOptions options, string folder, DemoScreen? screen, TimeProvider time, ILoggerFactory loggers, Action<DemoResult, Uri>? stay = null)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_nowAndThen = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly string _path = Path.Combine(folder, "calls.db");

    /// <summary>Plays it. Cancelled, or over its deadline, it stops calling, hangs up, and judges what there is.</summary>
    public async Task<DemoResult> PlayAsync(CancellationToken cancellationToken)
    {
        var calls = CallPlan.Make(options);
        using var deadline = new CancellationTokenSource(DemoPace.Deadline(options.Calls), time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            if (await PlayAsync(calls, over.Token, cancellationToken).ConfigureAwait(false) is { } result)
                return result;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // What there is until now is judged; the calls that are missing are named.
        }
        return await JudgeAsync(calls).ConfigureAwait(false);
    }

    private async Task<DemoResult> JudgeAsync(IReadOnlyList<PlannedCall> calls)
    {
        // A store of its own: what is judged has been on the disk.
        var store = StoreChoice.Open(new StoreOptions { Sqlite = _path });
        await using (store.ConfigureAwait(false))
        {
            await store.MigrateAsync(CancellationToken.None).ConfigureAwait(false);
            return await StoreReading.ReadAsync(store, _path, calls, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the calls, and stays when it is to; what they came to, when that was judged on the way.</summary>
    private async Task<DemoResult?> PlayAsync(IReadOnlyList<PlannedCall> calls, CancellationToken over, CancellationToken stop)
    {
        var logger = loggers.CreateLogger<DemoRun>();
        using var target = new TargetSimulator(options.Seed, time, logger);
        using var trunk = new TrunkSimulator(time, logger);
        target.Start();
        trunk.Start();
        var node = new EventCallsNode(DemoSettings.Make(_path, target.EndPoint, stay is not null), Roles.All, time, loggers);
        await using (node.ConfigureAwait(false))
        {
            await node.StartAsync(over).ConfigureAwait(false);
            try
            {
                var listening = node.Ingress!.Listening[0].EndPoint;
                Announce(node, trunk.EndPoint, listening, target.EndPoint);
                var calling = CallAsync(trunk, listening, calls, over);
                await FollowAsync(node.Store!, calls.Count, over).ConfigureAwait(false);
                await calling.ConfigureAwait(false);
                return stay is null ? null : await StayAsync(stay, node.ConsoleAddress!, calls, call => trunk.Call(call, listening), stop).ConfigureAwait(false);
            }
            finally
            {
                await HangUpAsync(trunk).ConfigureAwait(false);
                await node.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells what it came to, and has somebody call now and then, so that there is something to watch and to steer.</summary>
    private async Task<DemoResult> StayAsync(Action<DemoResult, Uri> tell, Uri console, IReadOnlyList<PlannedCall> calls, Action<PlannedCall> call, CancellationToken stop)
    {
        var result = await JudgeAsync(calls).ConfigureAwait(false);
        tell(result, console);
        foreach (var next in CallPlan.GoOn(options))
        {
            await Task.Delay(s_nowAndThen, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                break;
            call(next);
        }

        return result;
    }

    private void Announce(EventCallsNode node, IPEndPoint trunk, IPEndPoint listening, IPEndPoint target)
    {
        var logic = node.Router!.Logic!;
        string described = logic.Current is { } current
            ? $"{current.Name}, {current.Flows.Count} flows, {LogicVersionName.Short(current.Version)}"
            : $"none: {logic.LastError}";
        screen?.Running(trunk, listening, target, described, _path, node.ConsoleAddress);
    }

    private async Task CallAsync(TrunkSimulator trunk, IPEndPoint node, IReadOnlyList<PlannedCall> calls, CancellationToken over)
    {
        using var pace = new PeriodicTimer(DemoPace.Interval(calls.Count), time);
        foreach (var call in calls)
        {
            while (trunk.Open >= DemoPace.MostOpen)
                await Task.Delay(s_look, time, over).ConfigureAwait(false);
            trunk.Call(call, node);
            await pace.WaitForNextTickAsync(over).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(ICallStore store, int calls, CancellationToken over)
    {
        var follower = new StreamFollower(store);
        for (int ended = 0; ended < calls;)
        {
            await Task.Delay(s_look, time, over).ConfigureAwait(false);
            foreach (var story in await follower.ReadEndedAsync(over).ConfigureAwait(false))
            {
                ended++;
                screen?.Ended(story);
            }
        }
    }

    /// <summary>Ends what is still open when the demo was cut short, and lets the last responses arrive.</summary>
    private async Task HangUpAsync(TrunkSimulator trunk)
    {
        if (trunk.Open > 0)
            trunk.HangUpAll();
        long from = time.GetTimestamp();
        while (trunk.Open > 0 && time.GetElapsedTime(from) < s_farewell)
            await Task.Delay(s_look, time, CancellationToken.None).ConfigureAwait(false);
    }
}
