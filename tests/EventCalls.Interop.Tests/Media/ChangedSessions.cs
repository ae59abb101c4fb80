using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Calls whose media goes through the node, or an engine of its, and whose sessions change: held, moved, answered early, handed on, joined.</summary>
public abstract class ChangedSessions(AnchoredCalls service)
{
    private const int CallerHertz = AnchoredCalls.CallerHertz;
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int SecondHertz = 1500;
    private static readonly TimeSpan s_longerThanSilence = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("sendonly", "a=sendonly")]
    [InlineData("inactive", "a=inactive")]
    [InlineData("0.0.0.0", "c=IN IP4 0.0.0.0")]
    [Trait("RFC", "3264 §8.4")]
    public async Task A_hold_is_seen_by_the_other_side_lasts_longer_than_silence_may_and_is_taken_back(string how, string seen)
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        if (how == "0.0.0.0")
            caller.Describes = _ => caller.Voice.Describe(2).Replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", StringComparison.Ordinal).Replace("a=sendrecv\r\n", "", StringComparison.Ordinal);
        caller.Voice.IsMuted = true;
        await caller.ChangeAsync(how);
        Assert.Equal(200, caller.LastStatus);
        Assert.Contains(seen, target.LastTold, StringComparison.Ordinal);
        await Task.Delay(s_longerThanSilence);
        Assert.Null(target.Voice.To);
        caller.Describes = direction => caller.Voice.Describe(3, direction);
        caller.Voice.IsMuted = false;
        await caller.ChangeAsync();
        Assert.Contains("a=sendrecv", target.LastTold, StringComparison.Ordinal);
        await caller.HearAsync(TargetHertz);
        await target.HearAsync(CallerHertz);
        var call = await service.EndAsync(caller, id);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Theory]
    [InlineData(SipMethod.Invite, false)]
    [InlineData(SipMethod.Update, false)]
    [InlineData(SipMethod.Invite, true)]
    [Trait("RFC", "3264 §8.3.1")]
    public async Task A_caller_that_moves_its_media_in_mid_call_is_heard_and_hears_there(SipMethod method, bool isBehindTranslator)
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        string address = isBehindTranslator ? "192.0.2.7" : "127.0.0.1";
        caller.Describes = direction => caller.Voice.Describe(1, direction, address);
        string id = await service.ConnectAsync(caller, target);
        // What it sends from where it was goes on for a while, as on any network.
        await using var moved = new Voice(700, TimeProvider.System);
        caller.Describes = direction => moved.Describe(2, direction, address);
        await caller.ChangeAsync(method: method);
        moved.To = caller.Voice.To;
        await target.HearAsync(700);
        int heard = moved.Packets;
        await target.UntilAsync(() => moved.Packets > heard + 25 && Tones.Tenths(moved.HeardLast(25), TargetHertz) >= 4, "it does not hear the target where it moved to");
        var call = await service.EndAsync(caller, id);
        Assert.Equal("hung_up", call.Ended["cause"]);
    }

    [Fact]
    [Trait("RFC", "3264 §8")]
    public async Task A_change_that_the_other_side_refuses_leaves_everything_as_it_was()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        target.Refuses = 488;
        await using var moved = new Voice(700, TimeProvider.System);
        caller.Describes = direction => moved.Describe(2, direction);
        await caller.ChangeAsync();
        Assert.Equal(488, caller.LastStatus);
        caller.Describes = direction => caller.Voice.Describe(3, direction);
        int packets = caller.Voice.Packets;
        await caller.UntilAsync(() => caller.Voice.Packets > packets + 25, "nothing is heard any more");
        await caller.HearAsync(TargetHertz);
        await target.HearAsync(CallerHertz);
        await service.EndAsync(caller, id);
    }

    [Fact]
    public async Task A_side_that_should_talk_and_says_nothing_ends_the_call()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        target.Voice.IsMuted = true;
        var call = await service.Process.EndedCallAsync(id);
        Assert.Equal(("system", "media_timeout"), (call.Ended["endedBy"], call.Ended["cause"]));
        Assert.Single(call.Events, e => e.Type == "recording_stored");
        await service.AllGivenBackAsync();
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1, 3960 §3")]
    public async Task Early_media_of_a_target_reaches_the_caller()
    {
        await using var target = service.Target();
        target.Invited = leg => leg.Ring(183, target.Describe("sendrecv"));
        await using var caller = AnchoredCalls.Caller();
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge");
        await caller.UntilAsync(() => target.Leg is not null, "the target is not called");
        // Its media is on its way before the caller says anything.
        caller.Voice.IsMuted = true;
        await caller.HearAsync(TargetHertz);
        await target.Peer.DoAsync(() =>
        {
            ((IncomingLeg)target.Leg!).Answer(target.Describe("sendrecv"));
            return 0;
        });
        caller.Voice.IsMuted = false;
        await target.HearAsync(CallerHertz);
        var call = await service.EndAsync(caller, id);
        Assert.Equal(["invite answered"], call.Outcomes);
    }

    [Fact]
    [Trait("RFC", "3264 §6, 3551 §6")]
    public async Task A_target_takes_the_audio_of_several_streams_and_refuses_the_video()
    {
        await using var target = service.Target();
        target.Describes = direction => target.Voice.Describe(1, direction) + "m=video 0 RTP/AVP 96\r\nm=message 0 TCP/MSRP *\r\n";
        await using var caller = AnchoredCalls.Caller();
        caller.Describes = direction => caller.Voice.Describe(1, direction) + "m=video 5004 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=message 2855 TCP/MSRP *\r\na=path:msrp://127.0.0.1:2855/x;tcp\r\n";
        string id = await service.ConnectAsync(caller, target);
        Assert.DoesNotContain("m=video 5004 ", target.LastTold, StringComparison.Ordinal);
        Assert.Contains("m=message 2855 TCP/MSRP *", target.LastTold, StringComparison.Ordinal);
        Assert.Contains("m=video 0 RTP/AVP 96", caller.LastTold, StringComparison.Ordinal);
        await service.EndAsync(caller, id);
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1, §14.1")]
    public async Task Offers_may_come_from_the_other_side_at_the_beginning_and_in_a_change()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        caller.IsOffered = false;
        string id = await service.ConnectAsync(caller, target);
        await using var moved = new Voice(700, TimeProvider.System);
        caller.Describes = direction => moved.Describe(2, direction);
        moved.To = caller.Voice.To;
        await caller.AskForOfferAsync();
        await target.HearAsync(700);
        await service.EndAsync(caller, id);
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.2, 3264 §8")]
    public async Task A_transfer_that_fails_leaves_both_connected_and_the_recording_goes_on()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        second.Invited = leg => leg.Reject(486);
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        // What an engine copies may come somewhat later than what both hear.
        await caller.HearMoreAsync(50);
        await ReferAsync(target, $"sip:second@127.0.0.1:{service.Settings.SecondPort}");
        caller.Voice.Hertz = 600;
        target.Voice.Hertz = 1300;
        await caller.HearAsync(1300);
        await target.HearAsync(600);
        var call = await service.EndAsync(caller, id);
        Assert.Equal(["invite answered", "invite busy"], call.Outcomes);
        string file = Assert.Single(call.Events, e => e.Type == "recording_stored")["location"]!;
        foreach (var (channel, before, after) in new[] { (0, CallerHertz, 600), (1, TargetHertz, 1300) })
        {
            short[] samples = Tones.Read(file, channel);
            Assert.True(Tones.Tenths(samples, before) >= 3 && Tones.Tenths(samples, after) >= 3, $"channel {channel}: {string.Join(' ', Enumerable.Range(0, samples.Length / 800).Select(t => Tones.Share(samples.AsSpan(t * 800, 800), before) > 0.5 ? before : Tones.Share(samples.AsSpan(t * 800, 800), after) > 0.5 ? after : 0))} of {samples.Length / 8} ms\n{call}");
        }
    }

    [Fact]
    [Trait("RFC", "3891 §3, 5589 §7.1")]
    public async Task Two_calls_that_are_joined_talk_to_each_other_and_digits_and_silence_are_the_joined_calls()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        await using var caller = AnchoredCalls.Caller();
        string first = await service.ConnectAsync(caller, target);
        var firstLeg = caller.Leg!;
        await caller.ChangeAsync("sendonly");
        string other = await service.ConnectAsync(caller, second, "bridge_to_second");
        var otherLeg = caller.Leg!;
        string replaces = Uri.EscapeDataString($"{other};to-tag={otherLeg.RemoteTag};from-tag={otherLeg.LocalTag}");
        await ReferAsync(caller, $"sip:second@127.0.0.1:{service.Settings.SecondPort}?Replaces={replaces}", firstLeg);
        await target.HearAsync(SecondHertz);
        await second.HearAsync(TargetHertz);
        for (ushort i = 0; i < 6; i++)
            await second.Voice.Socket.SendToAsync(Digit(i), second.Voice.To!);
        second.Voice.IsMuted = true;
        var call = await service.Process.EndedCallAsync(first);
        Assert.Equal(("system", "media_timeout"), (call.Ended["endedBy"], call.Ended["cause"]));
        Assert.Equal("7", Assert.Single(call.Events, e => e.Type == "dtmf_received")["digit"]);
        await service.Process.EndedCallAsync(other);
        await service.AllGivenBackAsync();
    }

    private static byte[] Digit(ushort number)
    {
        byte[] packet = Voice.Packet((ushort)(60_000 + number), 4_000_000, 0x77, 0)[..16];
        packet[1] = 101;
        (packet[12], packet[13], packet[14], packet[15]) = (7, (byte)(number >= 3 ? 0x8a : 0x0a), (byte)((number + 1) * 160 >> 8), (byte)((number + 1) * 160));
        return packet;
    }

    internal static async Task ReferAsync(MediaPhone by, string to, Leg? leg = null)
    {
        await by.Peer.DoAsync(() => (leg ?? by.Leg!).Refer(new OutgoingRefer { ReferTo = to }, by.Peer.Handler));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!(await by.Peer.LogAsync()).Any(line => line.EndsWith("terminated", StringComparison.Ordinal) || line.StartsWith("refer refused", StringComparison.Ordinal)))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), await by.DescribeAsync());
            await Task.Delay(50);
        }
    }
}
