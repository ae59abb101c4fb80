using System.Buffers.Binary;
using System.Globalization;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Sip.Dialogs;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>What is left of calls whose media went through the node: no port, and a recording even of a process that was killed.</summary>
public class EndsOfCalls(AnchoredCalls service) : IClassFixture<AnchoredCalls>
{
    private const int EachKind = 25;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task All_ports_are_given_back_after_two_hundred_calls_that_end_in_every_way()
    {
        using var target = new SipPeer(port: service.Settings.TargetPort);
        using var second = new SipPeer(port: service.Settings.SecondPort);
        using var caller = new SipPeer();
        int called = 0;
        int answered = 0;
        var kinds = new Action<IncomingLeg>[]
        {
            leg => leg.Answer(target.Session),
            leg => leg.Reject(486),
            leg => leg.Answer(target.SessionOf("m=audio 4000 RTP/SAVP 0\r\n")),
            leg => leg.Answer(null),
            leg => leg.Answer(target.SessionOf("m=audio 0 RTP/AVP 0\r\n")),
            leg =>
            {
                leg.Ring(183, target.Session);
                leg.Reject(503);
            },
            static _ => { },
            leg => leg.Ring(180),
        };
        target.Handler.Invited = (leg, _) => kinds[called++ % kinds.Length](leg);
        second.Handler.Invited = (leg, _) => leg.Reject(603);
        caller.Handler.Answered = (leg, _) =>
        {
            if (answered++ % 2 == 0)
                leg.Bye();
        };
        int descriptors = Descriptors();
        var legs = new List<OutgoingLeg>();
        for (int i = 0; i < EachKind * kinds.Length; i++)
        {
            var offer = (i % 50) switch
            {
                7 => caller.SessionOf("m=audio 4000 RTP/SAVP 0\r\n"),
                11 => caller.SessionOf("nonsense\r\n"),
                13 => caller.SessionOf("m=audio 4000 RTP/AVP 0\r\nm=video 4002 RTP/AVP 96\r\n"),
                17 => null,
                _ => caller.Session,
            };
            legs.Add(await caller.DoAsync(() => caller.Call(service.Settings.SipPort, i % 3 == 0 ? "bridge_or_second" : "bridge_briefly", offer)));
            if (i % 20 != 19)
                continue;
            // Some think better of it before anybody answers, the rest are ended by those they talk to.
            await Task.Delay(150);
            await caller.DoAsync(() =>
            {
                foreach (var leg in legs.Where((l, number) => number % 4 == 0 && l.State is (LegState.Calling or LegState.Early)))
                    leg.Cancel();
                return 0;
            });
            await target.DoAsync(() =>
            {
                foreach (var leg in target.Handler.Incoming.Where(l => l.State == LegState.Confirmed))
                    leg.Bye();
                return 0;
            });
        }
        await UntilAsync(
            async () =>
            {
                await target.DoAsync(() =>
                {
                    foreach (var leg in target.Handler.Incoming.Where(l => l.State == LegState.Confirmed))
                        leg.Bye();
                    return 0;
                });
                return legs.TrueForAll(l => l.State == LegState.Ended);
            },
            () => $"{legs.Count(l => l.State != LegState.Ended)} calls have not ended: {string.Join(' ', legs.Where(l => l.State != LegState.Ended).Select(l => l.State))}\n{service.Process.Describe()}");
        await service.AllGivenBackAsync();
        // Those of the store and of the runtime's own come and go.
        Assert.InRange(Descriptors(), 0, descriptors + 20);
        Assert.DoesNotContain("Exception", service.Process.Describe(), StringComparison.Ordinal);
        var ends = (await service.Process.ExportAsync()).SelectMany(c => c.Outcomes.DefaultIfEmpty("none")).GroupBy(o => o).ToDictionary(g => g.Key, g => g.Count());
        string found = string.Join(", ", ends.Select(e => $"{e.Value} {e.Key}"));
        Assert.True(ends.Values.Sum() >= EachKind * kinds.Length, found);
        foreach (string kind in (string[])["invite answered", "invite busy", "invite declined", "invite no_answer", "invite error", "invite caller_hung_up"])
            Assert.True(ends.ContainsKey(kind), found);
    }

    [Fact]
    public async Task Without_a_free_port_the_next_call_is_told_so_and_the_one_after_an_end_is_not()
    {
        await using var target = new MediaPhone(1000, FreePorts.Next(), TimeProvider.System);
        await using var caller = AnchoredCalls.Caller();
        await using var later = AnchoredCalls.Caller();
        int ports = FreePorts.Range(4);
        var settings = Recording(target.Peer.Port, "none", ports, ports + 3);
        await using var small = await EventCallsProcess.StartAsync(settings with { More = settings.More.Where(p => p.Key != "Trunks__carrier__Record").ToDictionary() });
        string id = await caller.CallAsync(settings.SipPort, "bridge");
        await caller.HearAsync(1000);
        string refused = await later.CallAsync(settings.SipPort, "bridge");
        var call = await small.EndedCallAsync(refused);
        var failed = call.Only("transfer_failed");
        Assert.Equal(("error", "no free port for media"), (failed["outcome"], failed.Data.GetProperty("evidence").GetProperty("reasonPhrase").GetString()));
        Assert.Contains(await later.Peer.LogAsync(), line => line == "failed 500");
        await caller.HangUpAsync();
        await small.EndedCallAsync(id);
        id = await later.CallAsync(settings.SipPort, "bridge");
        await later.HearAsync(1000);
        await later.HangUpAsync();
        Assert.Equal(["invite answered"], (await small.EndedCallAsync(id)).Outcomes);
    }

    [Fact]
    public async Task A_process_that_is_killed_leaves_a_recording_that_plays_to_about_a_second_before()
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-killed-");
        await using var target = new MediaPhone(1000, FreePorts.Next(), TimeProvider.System);
        await using var caller = AnchoredCalls.Caller();
        int ports = FreePorts.Range(10);
        var settings = Recording(target.Peer.Port, folder.FullName, ports, ports + 9);
        var clock = new System.Diagnostics.Stopwatch();
        await using (var process = await EventCallsProcess.StartAsync(settings))
        {
            await caller.CallAsync(settings.SipPort, "bridge");
            await caller.HearAsync(1000);
            clock.Start();
            await Task.Delay(3000);
            await process.KillAsync();
        }
        double talked = clock.Elapsed.TotalSeconds;
        string left = Assert.Single(Directory.GetFiles(folder.FullName, "*", SearchOption.AllDirectories));
        Assert.InRange(Playable(left), talked - 1.5, talked + 1.5);
        Assert.True(Tones.Tenths(Tones.Read(left, 0), AnchoredCalls.CallerHertz) >= (talked - 2) * 10);
        Assert.True(Tones.Tenths(Tones.Read(left, 1), 1000) >= (talked - 2) * 10);
        folder.Delete(recursive: true);
    }

    private static EventCallsSettings Recording(int target, string folder, int first, int last) => new()
    {
        SipPort = FreePorts.Next(),
        TargetPort = target,
        SecondPort = FreePorts.Next(),
        More = new Dictionary<string, string>
        {
            ["Media__Mode"] = "anchor",
            ["Media__Ports"] = string.Create(CultureInfo.InvariantCulture, $"{first}-{last}"),
            ["Media__Recordings"] = folder,
            ["Trunks__carrier__Record"] = "true",
        },
    };

    /// <summary>How many seconds a player plays of a WAV file: as many as its header says.</summary>
    private static double Playable(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int at = bytes.AsSpan().IndexOf("data"u8);
        return Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4)), bytes.Length - at - 8) / (double)BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(28));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> otherwise)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < s_limit, otherwise());
            await Task.Delay(50);
        }
    }

    private int Descriptors() => Directory.GetFileSystemEntries($"/proc/{service.Process.Id}/fd").Length;
}
