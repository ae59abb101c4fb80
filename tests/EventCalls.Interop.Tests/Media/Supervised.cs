using System.Globalization;
using System.Net;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Monitors of calls: what they are told to do, and whether they are heard.</summary>
internal static class Supervised
{
    /// <summary>What a monitor says.</summary>
    public const int Hertz = 2000;

    private const int AudioRate = 8000;
    private const int Packets = 25;
    private const double GoodPart = 0.25;
    private const double AlmostAll = 0.8;
    private const double Hardly = 0.05;

    /// <summary>Who monitors.</summary>
    public static MediaPhone Supervisor(int hertz = Hertz) => new(hertz, 0, TimeProvider.System);

    /// <summary>Has somebody monitor a call; which monitor it is.</summary>
    public static Task<string> MonitorAsync(this SoundingEngine service, string sipCallId, MediaPhone supervisor, string mode) => service.GiveAsync(
        sipCallId,
        "monitor",
        string.Create(CultureInfo.InvariantCulture, $$"""{"target": "sip:lead@127.0.0.1:{{supervisor.Peer.Port}}", "mode": "{{mode}}"}"""));

    /// <summary>Has them say something else, or nothing.</summary>
    public static Task ChangeAsync(this SoundingEngine service, string sipCallId, string monitor, string mode) =>
        service.GiveAsync(sipCallId, $"monitor/{monitor}", $$"""{"mode": "{{mode}}"}""", HttpMethod.Patch);

    /// <summary>Gives a command that must be taken; which monitor it is of, where it is of one.</summary>
    public static async Task<string> GiveAsync(this SoundingEngine service, string sipCallId, string command, string json, HttpMethod? method = null)
    {
        var (status, answer) = await service.CommandAsync(sipCallId, command, json, method);
        Assert.True(status == HttpStatusCode.Accepted, $"{command}: {status} {answer}");
        return answer.TryGetProperty("monitorId", out var monitor) ? monitor.GetString()! : "";
    }

    /// <summary>Ends the call; its ports are given back, and the engine knows nothing of it any more.</summary>
    public static async Task<CallStream> EndAllAsync(this SoundingEngine service, MediaPhone by, string sipCallId)
    {
        await by.HangUpAsync();
        var call = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal("hung_up", call.Ended["cause"]);
        await service.AllGivenBackAsync();
        Assert.Equal("d5:callsle6:result2:oke", await service.Engine.AskAsync("d7:command4:liste"));
        return call;
    }

    /// <summary>Waits until somebody hears all of these together.</summary>
    public static Task HearAsync(MediaPhone phone, params int[] hertz) => phone.UntilAsync(() => Hears(phone.Voice, hertz), $"it does not hear {string.Join(" and ", hertz)} Hz together");

    /// <summary>Waits until somebody hears this, and nothing else.</summary>
    public static Task HearAloneAsync(MediaPhone phone, int hertz) => phone.UntilAsync(() => HearsAlone(phone.Voice, hertz), $"it does not hear {hertz} Hz alone");

    /// <summary>Whether it hears all of these together.</summary>
    public static bool Hears(Voice voice, params int[] hertz) => Together(voice.HeardLast(Packets), AudioRate, hertz) == 5;

    /// <summary>Whether it hears this and nothing else.</summary>
    public static bool HearsAlone(Voice voice, int hertz) =>
        voice.HeardLast(Packets) is var heard && Tenths(heard, AudioRate, AlmostAll, hertz) == 5 && Tones.Share(heard, Hertz) < Hardly;

    /// <summary>In how many tenths of a second there are all of these. Over longer ones a clock that is followed, by a sample now and then, moves a tone's phase too far.</summary>
    public static int Together(short[] heard, int rate, params int[] hertz) => Tenths(heard, rate, hertz.Length > 2 ? GoodPart / 2 : GoodPart, hertz);

    private static int Tenths(short[] heard, int rate, double share, params int[] hertz) =>
        heard.Chunk(rate / 10).Count(tenth => tenth.Length == rate / 10 && hertz.All(tone => Tones.Share(tenth, tone, rate) > share));
}
