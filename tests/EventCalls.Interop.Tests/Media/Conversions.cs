using System.Collections.Concurrent;
using System.Text;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Sip.Messages;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Two who have no codec in common, and what they hear besides each other.</summary>
public class Conversions(ConvertingService service) : IClassFixture<ConvertingService>
{
    private const int CallerHertz = 440;
    private const int TargetHertz = 1000;
    private static readonly int[] s_tones = [CallerHertz, TargetHertz, ConvertingService.PromptHertz, ConvertingService.AnnouncementHertz];
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("opus/48000/2", "pcmu")]
    [InlineData("pcma", "opus/48000/2")]
    [Trait("RFC", "7587 §4.1, 3264 §5.1")]
    public async Task A_caller_and_a_target_without_a_codec_in_common_hear_each_other_and_the_recording_has_both_behind_its_announcement(string callers, string targets)
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz, codecs: targets);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz, codecs: callers);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await HearAsync(caller, ConvertingService.AnnouncementHertz);
        await HearAsync(target, ConvertingService.AnnouncementHertz);
        await HearAsync(caller, TargetHertz);
        await HearAsync(target, CallerHertz);
        await caller.CommandAsync("sndcode", "5");
        await target.WaitForAsync("CALL_DTMF_END", s_limit);
        await caller.HangUpAsync();
        var call = await service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
        Assert.Equal("5", call.Only("dtmf_received")["digit"]);
        string file = call.Only("recording_stored")["location"]!;
        foreach (var (channel, hertz) in new[] { (0, CallerHertz), (1, TargetHertz) })
        {
            short[] samples = Tones.Read(file, channel);
            // All of a second, less where it begins and ends, and one within which its place is set right: of the first call of a process the first packets come late.
            Assert.InRange(Tones.Tenths(samples, ConvertingService.AnnouncementHertz), 6, 11);
            Assert.True(Tones.Tenths(samples, hertz) >= 4, $"Channel {channel} has no {hertz} Hz.");
        }
    }

    [Fact]
    [Trait("RFC", "4733 §2.5.1, §2.5.2")]
    public Task Digits_of_a_side_that_has_them_in_its_audio_are_INFO_to_one_that_has_not_and_the_other_way_round() => PressBothAsync(service);

    [Fact]
    public async Task A_prompt_is_heard_before_the_target_is_called()
    {
        await using var target = new MediaPhone(TargetHertz, service.Settings.TargetPort, TimeProvider.System);
        await using var caller = new MediaPhone(CallerHertz, 0, TimeProvider.System);
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge_behind_prompt");
        await caller.HearAsync(ConvertingService.PromptHertz);
        Assert.Null(target.LastTold);
        await caller.HearAsync(TargetHertz);
        await target.HearAsync(CallerHertz);
        await caller.HangUpAsync();
        var call = await service.Process.EndedCallAsync(id);
        Assert.Equal(["invite answered"], call.Outcomes);
    }

    /// <summary>A caller with digits in its audio and a target that has INFO alone press one each, and each gets the other's as it takes them.</summary>
    internal static async Task PressBothAsync(EmbeddedService service)
    {
        var infos = new ConcurrentQueue<string>();
        await using var target = new MediaPhone(TargetHertz, service.Settings.TargetPort, TimeProvider.System);
        target.Describes = direction => target.Voice.Describe(1, direction).Replace(" 101\r\n", "\r\n", StringComparison.Ordinal).Replace("a=rtpmap:101 telephone-event/8000\r\n", "", StringComparison.Ordinal);
        target.Peer.Handler.Requested = (_, request) =>
        {
            infos.Enqueue($"{request.Method} {Encoding.ASCII.GetString(request.Message.Body)}");
            request.Respond(200);
        };
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await caller.DialAsync($"sip:bridge@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        await target.HearAsync(CallerHertz);
        await caller.CommandAsync("sndcode", "5");
        await target.UntilAsync(() => !infos.IsEmpty, "it gets no INFO");
        Assert.StartsWith("Info Signal=5\r\nDuration=", Assert.Single(infos), StringComparison.Ordinal);
        await target.Peer.DoAsync(() => target.Leg!.Request(SipMethod.Info, new Content("application/dtmf-relay", "Signal=7\r\nDuration=160\r\n"u8.ToArray()), null, null));
        await caller.WaitForAsync("CALL_DTMF_END", s_limit);
        await caller.HangUpAsync();
        var call = await service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
        Assert.Equal(["caller 5", "target 7"], call.Events.Where(e => e.Type == "dtmf_received").Select(e => $"{e["leg"]} {e["digit"]}"));
    }

    /// <summary>Waits until it has heard half a second of a tone.</summary>
    internal static async Task HearAsync(BaresipAgent agent, int hertz)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!agent.Heard.Any(file => TenthsOf(file, hertz) >= 5))
        {
            Assert.True(clock.Elapsed < s_limit, $"It does not hear {hertz} Hz, but {string.Join(", ", s_tones.Select(tone => $"{tone} Hz {string.Join(' ', agent.Heard.Select(file => TenthsOf(file, tone)))}"))} tenths.\n{agent.Describe()}");
            await Task.Delay(50);
        }
    }

    // What it decodes from Opus it writes down as that counts: 48 kHz.
    private static int TenthsOf(string file, int hertz) => Tones.RateOf(file) is > 0 and var rate ? Tones.Tenths(Tones.Read(file), hertz, rate) : 0;
}
