using System.Net;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>What a real rtpengine plays to those who talk through it and turns into another codec, and who listens there.</summary>
public class SoundsByRtpengine(SoundingEngine service) : IClassFixture<SoundingEngine>
{
    private const int CallerHertz = AnchoredCalls.CallerHertz;
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int SecondHertz = 1700;

    [Fact]
    public async Task Both_hear_that_they_are_recorded_then_each_other_and_the_recording_has_all_of_it()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge");
        await caller.HearAsync(SoundingEngine.AnnouncementHertz);
        await target.HearAsync(SoundingEngine.AnnouncementHertz);
        await caller.HearAsync(TargetHertz);
        await target.HearAsync(CallerHertz);
        var call = await service.EndAsync(caller, id);

        string file = call.Only("recording_stored")["location"]!;
        foreach (var (channel, hertz) in new[] { (0, CallerHertz), (1, TargetHertz) })
        {
            short[] samples = Tones.Read(file, channel);
            Assert.InRange(Tones.Tenths(samples, SoundingEngine.AnnouncementHertz), 7, 11);
            Assert.True(Tones.Tenths(samples, hertz) >= 3, $"Channel {channel} has no {hertz} Hz.");
        }
    }

    [Theory]
    [InlineData("opus/48000/2", "pcmu")]
    [InlineData("pcma", "opus/48000/2")]
    [Trait("RFC", "7587 §4.1, 3264 §5.1")]
    public async Task A_caller_and_a_target_without_a_codec_in_common_hear_each_other_and_the_recording_has_both(string callers, string targets)
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz, codecs: targets);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz, codecs: callers);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await Conversions.HearAsync(caller, TargetHertz);
        await Conversions.HearAsync(target, CallerHertz);
        await caller.HangUpAsync();
        var call = await service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
        string file = call.Only("recording_stored")["location"]!;
        foreach (var (channel, hertz) in new[] { (0, CallerHertz), (1, TargetHertz) })
            Assert.True(Tones.Tenths(Tones.Read(file, channel), hertz) >= 3, $"Channel {channel} has no {hertz} Hz.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3264 §5, §6")]
    public async Task A_prompt_is_heard_at_the_engine_by_a_caller_who_is_not_answered_yet_and_then_the_target(bool isOffered)
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        caller.IsOffered = isOffered;
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge_behind_prompt");
        await caller.HearAsync(SoundingEngine.PromptHertz);
        Assert.Null(target.LastTold);
        Assert.InRange(caller.ToldPort, service.FirstPort, service.FirstPort + SoundingEngine.EnginesPorts - 1);
        await caller.HearAsync(TargetHertz);
        await target.HearAsync(CallerHertz);
        var call = await service.EndAsync(caller, id);
        Assert.Equal(["invite answered"], call.Outcomes);
    }

    [Fact]
    public async Task A_prompt_is_heard_in_mid_call_before_the_next_target_is_called_and_then_that_one()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        var (status, answer) = await service.CommandAsync(id, "handoff", """{"handoff": {"invite": {"phone_number": "+13333333", "outbound_endpoint": "second", "prompt": "welcome.wav"}}}""");
        Assert.True(status == HttpStatusCode.Accepted, $"{answer}");
        await caller.HearAsync(SoundingEngine.PromptHertz);
        Assert.Null(second.LastTold);
        await caller.HearAsync(SecondHertz);
        await second.HearAsync(CallerHertz);
        var call = await service.EndAsync(caller, id);
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
    }

    [Fact]
    public async Task A_caller_whose_target_leaves_while_the_next_one_rings_hears_music_and_then_that_one()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        Sip.Dialogs.IncomingLeg? ringing = null;
        second.Invited = leg => (ringing = leg).Ring(180);
        second.Voice.IsMuted = true;
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        var (status, answer) = await service.CommandAsync(id, "handoff", """{"handoff": {"invite": {"phone_number": "+13333333", "outbound_endpoint": "second"}}}""");
        Assert.True(status == HttpStatusCode.Accepted, $"{answer}");
        await second.UntilAsync(() => ringing is not null, "it is not called");
        // It says its tone on: who has hung up is heard no more, whatever it sends.
        await target.HangUpAsync();
        await caller.HearAsync(SoundingEngine.MusicHertz);
        second.Voice.IsMuted = false;
        await second.Peer.DoAsync(() =>
        {
            ringing!.Answer(second.Describe("sendrecv"));
            return 0;
        });
        await caller.HearAsync(SecondHertz);
        await second.HearAsync(CallerHertz);
        await service.EndAsync(caller, id);
    }

    [Fact]
    [Trait("RFC", "4733 §2.5.1, §2.5.2")]
    public Task Digits_of_a_side_that_has_them_in_its_audio_are_INFO_to_one_that_has_not_and_the_other_way_round() => Conversions.PressBothAsync(service);
}
