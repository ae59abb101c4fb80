using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>SIPp as a caller that plays files as RTP.</summary>
public class PlayedFiles(AnchoredCalls service) : IClassFixture<AnchoredCalls>
{
    [Fact]
    [Trait("RFC", "3551 §4.5.14")]
    public async Task A_file_that_is_streamed_is_in_the_recording()
    {
        string file = Path.Combine(service.Recordings, "tone.alaw");
        await File.WriteAllBytesAsync(file, ALaw(800, 8000));
        await using var target = service.Target();
        Speak(target);
        string scenario = Path.Combine(service.Recordings, "call-streams.xml");
        await File.WriteAllTextAsync(scenario, (await File.ReadAllTextAsync(Scenarios.File("call-streams"))).Replace("[sound]", file, StringComparison.Ordinal));
        var result = await SippRun.RunAsync(new SippOptions { Scenario = scenario, Remote = service.Process.SipAddress, Dial = "bridge", PauseMs = 1500, CallIdPrefix = "streams" });
        result.MustSucceed();
        var call = await service.Process.EndedCallAsync("streams-1@127.0.0.1");
        short[] left = Tones.Read(call.Only("recording_stored")["location"]!);
        Assert.InRange(Tones.Tenths(left, 800), 8, 12);
    }

    // It answers with A-law, which is all that the caller has, and says a tone that nobody listens to.
    private static void Speak(MediaPhone target) => target.Describes = direction => target.Voice.Describe(1, direction).Replace("RTP/AVP 0 101", "RTP/AVP 8 101", StringComparison.Ordinal).Replace("a=rtpmap:0 PCMU", "a=rtpmap:8 PCMA", StringComparison.Ordinal);

    private static byte[] ALaw(int hertz, int samples)
    {
        var bytes = new byte[samples];
        for (int i = 0; i < samples; i++)
        {
            int sample = (int)(8000 * Math.Sin(2 * Math.PI * hertz * i / 8000)) >> 3;
            int sign = sample >= 0 ? 0x80 : 0;
            int magnitude = Math.Min(sample < 0 ? -sample - 1 : sample, 4095);
            int exponent = Math.Max(0, 27 - int.LeadingZeroCount(magnitude));
            int mantissa = exponent == 0 ? magnitude >> 1 : magnitude >> exponent;
            bytes[i] = (byte)((sign | (exponent << 4) | (mantissa & 0x0f)) ^ 0x55);
        }
        return bytes;
    }
}
