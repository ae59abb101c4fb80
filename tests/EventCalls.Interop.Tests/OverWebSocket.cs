using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Calls from a page in a browser.</summary>
public class OverWebSocket(OverWebSocket.WebSocketService service) : IClassFixture<OverWebSocket.WebSocketService>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("RFC", "7118 §4")]
    public async Task A_page_calls_and_is_given_back_with_headers()
    {
        await using var page = BrowserPage.Open(service.PagePort, Script("page-1@127.0.0.1"));
        string log = await page.LogAsync(s_limit);

        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 200 OK", "BYE sip:page@page.invalid;transport=ws SIP/2.0", "X-Return-Reason: no-agent"], log.Split('\n'));
        var call = await service.Process.EndedCallAsync("page-1@127.0.0.1");
        Assert.Equal("ws", call.Only("call_started")["transport"]);
        Assert.Equal("given_back", call.Ended["cause"]);
    }

    [Fact]
    [Trait("RFC", "6455 §10.2")]
    public async Task A_page_of_another_origin_gets_no_connection()
    {
        await using var page = BrowserPage.Open(FreePorts.Next(), Script("page-2@127.0.0.1"));
        Assert.Equal("error", await page.LogAsync(s_limit));
    }

    private string Script(string callId) => PagePhone.Script(service.WebSocketPort, "give_back", callId);

    public sealed class WebSocketService : EmbeddedService
    {
        public int WebSocketPort { get; } = FreePorts.Next();

        public int PagePort { get; } = FreePorts.Next();

        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            More = new Dictionary<string, string>
            {
                ["Sip__Listen__2"] = $"ws:127.0.0.1:{WebSocketPort}",
                ["Sip__WebSocketOrigins__0"] = $"http://127.0.0.1:{PagePort}",
            },
        };
    }
}
