using System.Net;
using System.Net.Sockets;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Calls at a real rtpengine with digits, video, or a second call, to whose sides somebody speaks.</summary>
public class MoreThanVoicesSpokenTo(SoundingEngine service) : IClassFixture<SoundingEngine>
{
    private const int CallerHertz = AnchoredCalls.CallerHertz;
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int SecondHertz = 1500;
    private const int StrangersHertz = 3000;

    [Fact]
    [Trait("RFC", "4733 §2.5.1")]
    public async Task Digits_are_heard_by_the_other_side_once_while_somebody_speaks_and_while_nobody_does()
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        string monitor = await service.MonitorAsync(id, supervisor, "join");
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz);
        for (int digit = 0; digit < 5; digit++)
        {
            await caller.Voice.PressAsync(digit);
            await caller.HearMoreAsync(15);
            if (digit is 2 or 3)
                await service.ChangeAsync(id, monitor, digit == 2 ? "listen" : "join");
            await caller.HearMoreAsync(15);
        }
        Assert.Equal("01234", target.Voice.Digits);
        var call = await service.EndAllAsync(caller, id);
        Assert.Equal("01234", string.Concat(call.Events.Where(e => e.Type == "dtmf_received").Select(e => e["digit"])));
    }

    [Fact]
    public async Task Who_sends_to_the_engine_unasked_is_not_heard_as_this_node()
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        // As long as an engine learns where a side is, others may be taken for it.
        await caller.HearMoreAsync(200);
        using var over = new CancellationTokenSource();
        var sending = SendToAllAsync(over.Token);
        string monitor = await service.MonitorAsync(id, supervisor, "join");
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz);
        await Supervised.HearAsync(caller, TargetHertz, Supervised.Hertz);
        int before = target.Voice.Packets;
        int sent = caller.Voice.Sent;
        await target.HearMoreAsync(100);
        Assert.InRange(target.Voice.Packets - before, 1, caller.Voice.Sent - sent + 20);
        await service.ChangeAsync(id, monitor, "listen");
        await Supervised.HearAloneAsync(target, CallerHertz);
        await over.CancelAsync();
        await sending;
        await service.EndAllAsync(caller, id);
    }

    [Theory]
    [InlineData("m=video 5006 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")]
    [InlineData("m=video 0 RTP/AVP 96\r\n")]
    [Trait("RFC", "3264 §6")]
    public async Task A_call_with_video_or_video_refused_is_recorded_and_spoken_to(string answered)
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        caller.Describes = direction => caller.Voice.Describe(1, direction) + "m=video 5004 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
        target.Describes = direction => target.Voice.Describe(1, direction) + answered;
        string id = await service.ConnectAsync(caller, target);
        string monitor = await service.MonitorAsync(id, supervisor, "join");
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz);
        await Supervised.HearAsync(caller, TargetHertz, Supervised.Hertz);
        await service.ChangeAsync(id, monitor, "listen");
        await Supervised.HearAloneAsync(caller, TargetHertz);
        await Supervised.HearAloneAsync(target, CallerHertz);
        var call = await service.EndAllAsync(caller, id);
        string file = call.Only("recording_stored")["location"]!;
        foreach (var (channel, hertz) in new[] { (0, CallerHertz), (1, TargetHertz) })
            Assert.True(Tones.Tenths(Tones.Read(file, channel), hertz) >= 3, $"Channel {channel} has no {hertz} Hz.");
    }

    [Fact]
    [Trait("RFC", "3264 §5.1, 3891 §3")]
    public async Task Who_holds_a_call_hears_nothing_of_who_joined_it_and_who_is_connected_instead_of_it_does()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string first = await service.ConnectAsync(caller, target);
        await service.MonitorAsync(first, supervisor, "join");
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz);
        var firstLeg = caller.Leg!;
        await caller.ChangeAsync("sendonly");
        string other = await service.ConnectAsync(caller, second, "bridge_to_second");
        await Supervised.HearAloneAsync(caller, SecondHertz);
        var otherLeg = caller.Leg!;
        string replaces = Uri.EscapeDataString($"{other};to-tag={otherLeg.RemoteTag};from-tag={otherLeg.LocalTag}");
        await ChangedSessions.ReferAsync(caller, $"sip:second@127.0.0.1:{service.Settings.SecondPort}?Replaces={replaces}", firstLeg);
        await Supervised.HearAsync(target, SecondHertz, Supervised.Hertz);
        await Supervised.HearAsync(second, TargetHertz, Supervised.Hertz);
        await second.HangUpAsync();
        await service.Process.EndedCallAsync(first);
        await service.Process.EndedCallAsync(other);
        await service.AllGivenBackAsync();
    }

    private async Task SendToAllAsync(CancellationToken over)
    {
        using var socket = new UdpClient(0);
        for (ushort i = 0; !over.IsCancellationRequested; i++)
        {
            for (int port = service.FirstPort; port < service.FirstPort + SoundingEngine.EnginesPorts; port += 2)
                await socket.SendAsync(Voice.Packet(i, (uint)i * 160, 7, StrangersHertz), new IPEndPoint(IPAddress.Loopback, port));
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
