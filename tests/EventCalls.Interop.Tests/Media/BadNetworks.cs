using System.Globalization;
using System.Net;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Media through the node over networks that lose, delay and translate, and among strangers that send too.</summary>
public class BadNetworks(AnchoredCalls service) : IClassFixture<AnchoredCalls>
{
    private const int CallerHertz = AnchoredCalls.CallerHertz;
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int Rate = 8000;

    [Fact]
    [Trait("RFC", "3550 §6.4.1")]
    public async Task A_tenth_is_lost_others_come_late_or_twice_and_each_tone_is_in_its_place_in_the_recording()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        await using var network = new LossyNetworkOf(caller);
        caller.Follows = false;
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge");
        await caller.UntilAsync(() => caller.LastTold is not null, "it is not answered");
        network.Begin(seed: 5);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await target.HearAsync(CallerHertz);
        int[] fromCaller = [500, 700, 900];
        int[] fromTarget = [1100, 1300, 1500];
        var changes = new List<double>();
        for (int i = 0; i < fromCaller.Length; i++)
        {
            (caller.Voice.Hertz, target.Voice.Hertz) = (fromCaller[i], fromTarget[i]);
            changes.Add(clock.Elapsed.TotalSeconds);
            await Task.Delay(1000);
        }
        int sent = caller.Voice.Sent;
        var call = await service.EndAsync(caller, id);
        string file = Assert.Single(call.Events, e => e.Type == "recording_stored")["location"]!;
        short[] left = Tones.Read(file, 0), right = Tones.Read(file, 1);
        for (int i = 0; i + 1 < fromCaller.Length; i++)
        {
            // Each is heard for as long as it was said, both sides at once.
            int here = FirstOf(left, fromCaller[i]), there = FirstOf(right, fromTarget[i]);
            Assert.True(Math.Abs(here - there) <= Rate * 0.15, $"tone {i} begins at {here / 8} ms on the left and at {there / 8} ms on the right");
            int length = FirstOf(left, fromCaller[i + 1]) - here;
            double said = changes[i + 1] - changes[i];
            Assert.True(Math.Abs(length / (double)Rate - said) < 0.15, $"tone {i} lasts {length / 8} ms and was said for {said:0.00} s");
            var span = left.AsSpan(here, length);
            Assert.InRange(Tones.Tenths(span, fromCaller[i]), 6, 12);
            Assert.Equal(0, Tones.Tenths(span, fromTarget[i]));
        }
        var counted = call.Events.Single(e => e.Type == "media_statistics" && e["leg"] == "caller");
        double lost = Number(counted["lost"]);
        // What is lost last is not missed, and what came twice makes up for some of it (RFC 3550 A.3).
        Assert.InRange(lost, network.Lost * 0.75 - 4, network.Lost * 1.1 + 2);
        Assert.InRange(lost / sent, 0.04, 0.17);
        Assert.InRange(Number(counted["jitterMs"]), 1, 60);
        Assert.InRange(Number(counted["mos"]), 1, 4);
    }

    [Fact]
    [Trait("RFC", "4961 §3, 3581 §4")]
    public async Task A_caller_behind_a_translator_is_heard_and_hears()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        caller.Describes = direction => caller.Voice.Describe(1, direction, "10.11.12.13", 40_000);
        string id = await service.ConnectAsync(caller, target);
        var call = await service.EndAsync(caller, id);
        Assert.All(call.Events.Where(e => e.Type == "media_statistics"), s => Assert.Equal("0", s["ignored"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stranger_that_sends_too_is_ignored_and_counted_also_when_it_is_quicker(bool isQuicker)
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        await using var stranger = new Voice(2000, TimeProvider.System);
        caller.Voice.IsMuted = isQuicker;
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge");
        await caller.UntilAsync(() => caller.LastTold is not null, "it is not answered");
        if (isQuicker)
        {
            stranger.To = caller.Voice.To;
            await target.HearAsync(2000);
            caller.Voice.IsMuted = false;
        }
        await target.HearAsync(CallerHertz);
        await caller.HearAsync(TargetHertz);
        stranger.To = caller.Voice.To;
        int before = stranger.Sent, heard = target.Voice.Packets, strangerHeard = stranger.Packets;
        await target.UntilAsync(() => target.Voice.Packets > heard + 50, "it does not go on");
        Assert.Equal(0, Tones.Tenths(target.Voice.HeardLast(40), 2000));
        Assert.InRange(stranger.Packets - strangerHeard, 0, 2);
        int ignored = stranger.Sent - before;
        var call = await service.EndAsync(caller, id);
        var counted = call.Events.Single(e => e.Type == "media_statistics" && e["leg"] == "caller");
        Assert.InRange(Number(counted["ignored"]), ignored - 2, stranger.Sent);
    }

    [Fact]
    [Trait("RFC", "3264 §5")]
    public async Task A_flood_of_noise_into_one_call_is_not_heard_in_another_nor_logged()
    {
        await using var target = service.Target();
        await using var second = service.Target(1500, second: true);
        await using var caller = AnchoredCalls.Caller();
        await using var flooded = new MediaPhone(600, 0, TimeProvider.System);
        string id = await service.ConnectAsync(caller, target);
        string other = await service.ConnectAsync(flooded, second, "bridge_to_second");
        string before = service.Process.Describe();
        var random = new Random(7);
        int heard = target.Voice.Packets;
        var to = new IPEndPoint(IPAddress.Loopback, flooded.ToldPort);
        using var socket = new System.Net.Sockets.UdpClient(0);
        for (int round = 0; round < 200; round++)
        {
            for (int i = 0; i < 50; i++)
            {
                byte[] noise = new byte[random.Next(1, 1200)];
                random.NextBytes(noise);
                if (i % 2 == 0)
                    noise[0] = (byte)(random.Next(4) switch { 0 => 0x80, 1 => 22, 2 => 0, _ => 0x90 });
                if (i % 5 == 0)
                    await flooded.Voice.Socket.SendToAsync(noise, to);
                else
                    await socket.SendAsync(noise, to);
            }
            await Task.Delay(5);
        }
        int passed = target.Voice.Packets - heard;
        Assert.InRange(passed, 45, int.MaxValue);
        Assert.True(Tones.Tenths(target.Voice.HeardLast(passed), CallerHertz) >= passed / 5 - 2, "The other call was not heard without gaps.");
        Assert.Equal(before, service.Process.Describe());
        await flooded.HangUpAsync();
        await service.Process.EndedCallAsync(other);
        var call = await service.EndAsync(caller, id);
        Assert.Equal("0", call.Events.Single(e => e.Type == "media_statistics" && e["leg"] == "caller")["lost"]);
    }

    /// <summary>Where a tone begins: the first of two tenths of a second, in steps of 20 ms, that are mostly of it.</summary>
    private static int FirstOf(short[] samples, int hertz)
    {
        for (int start = 0; start + 1600 < samples.Length; start += 160)
        {
            if (Tones.Share(samples.AsSpan(start, 800), hertz) > 0.6)
                return start;
        }
        Assert.Fail($"There is no {hertz} Hz.");
        return 0;
    }

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);

    /// <summary>The network between a caller's voice and the node, once it is known where that listens.</summary>
    private sealed class LossyNetworkOf(MediaPhone caller) : IAsyncDisposable
    {
        private LossyRelay? _relay;

        public int Lost => _relay!.LostForth;

        public void Begin(int seed)
        {
            _relay = new LossyRelay(caller.ToldPort, new NetworkFaults(Loss: 0.1, Duplication: 0.05, MostDelayMs: 50), seed, TimeProvider.System);
            caller.Voice.To = new IPEndPoint(IPAddress.Loopback, _relay.Port);
        }

        public async ValueTask DisposeAsync()
        {
            if (_relay is not null)
                await _relay.DisposeAsync();
        }
    }
}
