using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>A page in a real browser calls a plain phone: WebSocket, ICE and DTLS on the one side, UDP and RTP on the other.</summary>
public abstract class BrowserCalls(BrowserCalls.PageService service)
{
    private const int PageHertz = 600;
    private const int TargetHertz = 1000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("RFC", "8445 §2.5, 8834 §4.2, 5763 §5, 5761 §5.1.1")]
    public async Task A_page_and_a_plain_phone_hear_each_other()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var page = BrowserPage.Open(service.PagePort, PageCaller.Script(service.WebSocketPort, "bridge_to_agent", "page-1@127.0.0.1", PageHertz, TargetHertz), PageCaller.Flags);
        Assert.Equal($"heard {TargetHertz}", await page.LogAsync(s_limit));
        var call = await service.Process.EndedCallAsync("page-1@127.0.0.1");
        Assert.Equal(["invite answered"], call.Outcomes);
        await target.WaitForAsync("CALL_CLOSED", s_limit);
        Assert.True(
            target.Heard.Any(file => Tones.Tenths(Tones.Read(file), PageHertz) >= 10),
            $"The phone did not hear the page, but {string.Join(", ", target.Heard.Select(file => Tones.Read(file)).Select(heard => $"{heard.Length} samples up to {heard.DefaultIfEmpty().Max()}"))}\n{string.Join('\n', call.Events.Where(e => e.Type == "media_statistics").Select(e => e.Data))}");
    }

    /// <summary>A service that pages reach by WebSocket.</summary>
    public class PageService : EmbeddedService
    {
        public int WebSocketPort { get; } = FreePorts.Next();

        public int PagePort { get; } = FreePorts.Next();

        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            More = new Dictionary<string, string> { ["Sip__Listen__2"] = $"ws:127.0.0.1:{WebSocketPort}", ["Media__Mode"] = "anchor" },
        };
    }
}
