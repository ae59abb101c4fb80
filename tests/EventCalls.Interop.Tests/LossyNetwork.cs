using System.Diagnostics;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Sip.Dialogs;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Calls over a network that loses a fifth of all datagrams, doubles some, and has them overtake each other.</summary>
public sealed class LossyNetwork
{
    private const int CallsOfEachKind = 100;

    // 64·T1 for whatever is lost last, and as much again for what follows on it.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(75);

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    [Fact]
    [Trait("RFC", "3261 §17.1.1.2, §17.1.2.2, §13.3.1.4")]
    public async Task A_hundred_calls_of_each_kind_complete_and_their_streams_are_whole()
    {
        using var caller = new SipPeer();
        using var target = new SipPeer();
        int port = FreePorts.Next();
        await using var toService = new LossyRelay(port, new NetworkFaults(), seed: 1, TimeProvider.System);
        await using var toTarget = new LossyRelay(target.Port, new NetworkFaults(), seed: 2, TimeProvider.System);
        await using var service = await EventCallsProcess.StartAsync(new EventCallsSettings
        {
            SipPort = port,
            TargetPort = toTarget.Port,
            SecondPort = FreePorts.Next(),
            More = new Dictionary<string, string>
            {
                // Peers are told the relay, and reached through it, as nothing else leads there.
                ["Sip__Listen__0"] = $"udp:127.0.0.1:{port} advertise 127.0.0.1:{toService.Port}",
                ["Trunks__carrier__Nat"] = "on",
                ["Trunks__target__Nat"] = "on",
            },
        });
        var bridged = new List<OutgoingLeg>();
        var referred = new List<OutgoingLeg>();
        for (int i = 0; i < CallsOfEachKind; i++)
        {
            bridged.Add(await caller.CallAsync(toService.Port, "bridge"));
            referred.Add(await caller.CallAsync(toService.Port, "refer"));
            await Task.Delay(10);
        }
        var upSince = new Dictionary<OutgoingLeg, TimeSpan>();
        await UntilAsync(
            async () =>
            {
                // The target ends every other call of its own, the caller what is up for two seconds then; those that are referred we end.
                await target.DoAsync(() =>
                {
                    for (int i = 0; i < target.Handler.Incoming.Count; i += 2)
                    {
                        if (target.Handler.Incoming[i] is { State: LegState.Confirmed } up)
                            up.Bye();
                    }
                    return 0;
                });
                return await caller.DoAsync(() =>
                {
                    foreach (var leg in bridged.Where(l => l.State == LegState.Confirmed))
                    {
                        if (upSince.TryAdd(leg, _clock.Elapsed))
                            continue;
                        if (_clock.Elapsed - upSince[leg] > TimeSpan.FromSeconds(2))
                            leg.Bye();
                    }
                    return 0;
                }) == await caller.OpenLegsAsync() + await target.OpenLegsAsync();
            },
            () => $"{upSince.Count} calls were up\n{string.Join('\n', caller.Handler.Log.TakeLast(40))}\n{service.Describe()}");

        var streams = new Dictionary<string, CallStream>();
        await UntilAsync(
            async () =>
            {
                streams = (await service.ExportAsync()).Where(s => s.IsEnded).ToDictionary(s => s.Only("call_started")["sipCallId"]!);
                return streams.Count == 2 * CallsOfEachKind;
            },
            () => $"{streams.Count} calls are over on record\n{service.Describe()}");
        Assert.All(bridged, leg => Assert.Equal(["invite answered"], streams[leg.CallId].MustBeWhole().Outcomes));
        Assert.All(referred, leg => Assert.Equal(["refer answered"], streams[leg.CallId].MustBeWhole().Outcomes));
        Assert.All(bridged, leg => Assert.Equal("hung_up", streams[leg.CallId].Ended["cause"]));
        Assert.All(referred, leg => Assert.Equal("transferred", streams[leg.CallId].Ended["cause"]));
        // And it was such a network.
        int lost = toService.Lost + toTarget.Lost;
        Assert.InRange(lost / (double)(lost + toService.Passed + toTarget.Passed), 0.15, 0.25);
    }

    private async Task UntilAsync(Func<Task<bool>> isDone, Func<string> describe)
    {
        while (!await isDone())
        {
            Assert.True(_clock.Elapsed < s_limit, describe());
            await Task.Delay(200);
        }
    }
}
