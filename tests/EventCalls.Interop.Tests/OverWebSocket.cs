using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Calls from a page in a browser.</summary>
public class OverWebSocket(OverWebSocket.WebSocketService service) : IClassFixture<OverWebSocket.WebSocketService>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // A softphone of the fewest lines: it calls, acknowledges what it is answered, and answers what it is asked.
    private const string Phone = """
        const lines = [];
        const socket = new WebSocket("ws://127.0.0.1:PORT/", "sip");
        const post = () => fetch("/log", { method: "POST", body: lines.join("\n") });
        const header = (text, name) => (new RegExp("^" + name + ": (.*)$", "mi").exec(text) || [])[1]?.trim();
        const request = (method, to) => [`${method} sip:FLOW@127.0.0.1 SIP/2.0`, "Via: SIP/2.0/WS page.invalid;branch=z9hG4bK" + method, "Max-Forwards: 70",
            "From: <sip:page@page.invalid>;tag=p", "To: " + to, "Call-ID: CALLID", "CSeq: 1 " + method, "Contact: <sip:page@page.invalid;transport=ws>"];
        const sdp = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 40000 RTP/AVP 0", ""].join("\r\n");
        socket.onopen = () => socket.send(request("INVITE", "<sip:FLOW@127.0.0.1>").concat("Content-Type: application/sdp", "", sdp).join("\r\n"));
        socket.onmessage = event => {
            const text = event.data;
            lines.push(text.split("\r\n")[0]);
            if (text.startsWith("SIP/2.0 200"))
                socket.send(request("ACK", header(text, "To")).concat("", "").join("\r\n"));
            if (text.startsWith("BYE ")) {
                socket.send(["SIP/2.0 200 OK", ...["Via", "From", "To", "Call-ID", "CSeq"].map(h => h + ": " + header(text, h)), "", ""].join("\r\n"));
                lines.push("X-Return-Reason: " + header(text, "X-Return-Reason"));
                post();
            }
        };
        socket.onerror = () => { lines.push("error"); post(); };
        """;

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

    private string Script(string callId) => Phone.Replace("PORT", $"{service.WebSocketPort}", StringComparison.Ordinal)
        .Replace("FLOW", "give_back", StringComparison.Ordinal).Replace("CALLID", callId, StringComparison.Ordinal);

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
