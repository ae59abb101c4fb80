using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Interop.Tests.Import;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>What somebody else's decoder says of what the node sends.</summary>
public class OnTheWire(AnchoredCalls service) : IClassFixture<AnchoredCalls>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("RFC", "3550 §5.1, §6.4, 4733 §2.3, 4568 §4, 8866 §5")]
    public async Task Tshark_decodes_signalling_media_reports_and_digits_of_plain_and_protected_calls_without_a_warning()
    {
        await using var tap = await Wiretap.OfRangeAsync("media.pcapng", service.FirstPort, service.LastPort, service.Settings.SipPort);
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: AnchoredCalls.TargetHertz);
        foreach (string? protection in new[] { null, "srtp-mand", "dtls_srtp" })
        {
            await using var caller = await BaresipAgent.StartAsync(hertz: AnchoredCalls.CallerHertz, protection: protection);
            await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
            await caller.WaitForAsync("CALL_ESTABLISHED", s_limit);
            await HearAsync(caller);
            await caller.CommandAsync("sndcode", "5");
            await target.WaitForAsync("CALL_DTMF_END", s_limit);
            // Reports come about every five seconds.
            await Task.Delay(protection is null ? 5500 : 500);
            await caller.HangUpAsync();
            await service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
        }
        await tap.StopAsync();

        string[] protocols = (await DecodeAsync(tap.File, "", "-T", "fields", "-e", "frame.protocols")).Split('\n');
        foreach (string protocol in new[] { "sip:sdp", "rtp", "rtpevent", "rtcp", "dtls" })
            Assert.True(protocols.Any(line => line.Contains(protocol, StringComparison.Ordinal)), $"no {protocol} among:\n{string.Join('\n', protocols.GroupBy(line => line).Select(g => $"{g.Count()} {g.Key}"))}");
        foreach (string said in new[] { "sdp.media.proto == \"RTP/SAVP\" && sdp.media_attr contains \"AES_CM_128_HMAC_SHA1_80\"", "sdp.media_attr contains \"fingerprint\"", "dtls.handshake.extension.type == 14" })
            Assert.True((await DecodeAsync(tap.File, said)).Length > 0, $"There is no {said}.");
        string wrong = await DecodeAsync(tap.File, "_ws.malformed || _ws.expert.severity >= 6291456", "-T", "fields", "-e", "frame.number", "-e", "frame.protocols", "-e", "_ws.expert.message");
        Assert.True(wrong.Length == 0, wrong);
    }

    private static async Task HearAsync(BaresipAgent agent)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!agent.Heard.Any(file => Tones.Tenths(Tones.Read(file), AnchoredCalls.TargetHertz) >= 5))
        {
            Assert.True(clock.Elapsed < s_limit, agent.Describe());
            await Task.Delay(50);
        }
    }

    private async Task<string> DecodeAsync(string file, string filter, params string[] more)
    {
        await using var tshark = ChildProcess.Start("tshark", ["-r", file, "-d", $"udp.port=={service.Settings.SipPort},sip", .. filter.Length > 0 ? (string[])["-Y", filter] : [], .. more]);
        int exitCode = await tshark.Exited.WaitAsync(s_limit);
        Assert.True(exitCode == 0, tshark.Errors);
        return tshark.Output.Trim();
    }
}
