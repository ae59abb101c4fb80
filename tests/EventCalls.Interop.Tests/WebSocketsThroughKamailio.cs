using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Kamailio takes the WebSocket connections: of pages, whose calls it passes on, and of ours, when we call somebody behind it. It stays in the dialog by Record-Route, one for each of the two transports.</summary>
public class WebSocketsThroughKamailio(WebSocketsThroughKamailio.Service service) : IClassFixture<WebSocketsThroughKamailio.Service>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static int s_calls;

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [Trait("RFC", "7118 §5")]
    public async Task A_page_behind_it_is_given_back_by_a_BYE_with_headers(string transport)
    {
        int port = FreePorts.Next();
        await using var proxy = await KamailioProxy.StartAsync(service.Settings.SipPort, transport, user: null, webSocketPort: port);
        string callId = $"page-{Interlocked.Increment(ref s_calls)}@127.0.0.1";
        await using var page = BrowserPage.Open(FreePorts.Next(), PagePhone.Script(port, "give_back", callId));
        string log = await LogAsync(page, proxy);

        Assert.Equal("SIP/2.0 200 OK", log.Split('\n')[^3]);
        Assert.StartsWith("BYE sip:page@page.invalid;transport=ws", log.Split('\n')[^2], StringComparison.Ordinal);
        Assert.Equal("X-Return-Reason: no-agent", log.Split('\n')[^1]);
        var call = await service.Process.EndedCallAsync(callId);
        Assert.Equal(transport, call.Only("call_started")["transport"]);
        Assert.Equal("given_back", call.Ended["cause"]);
    }

    [Theory]
    [InlineData("udp", true)]
    [InlineData("tcp", true)]
    [InlineData("tcp", false)]
    [Trait("RFC", "7118 §5, 3261 §12.2.1.1")]
    public async Task A_page_behind_it_is_bridged_and_either_side_hangs_up(string transport, bool pageHangsUp)
    {
        int port = FreePorts.Next();
        await using var proxy = await KamailioProxy.StartAsync(service.Settings.SipPort, transport, user: null, webSocketPort: port);
        await using var target = await Service.AnswerAsync(service.Settings.SecondPort, pageHangsUp ? "target-answers" : "target-answers-then-hangs-up");
        string callId = $"page-{Interlocked.Increment(ref s_calls)}@127.0.0.1";
        await using var page = BrowserPage.Open(FreePorts.Next(), PagePhone.Script(port, "bridge_to_second", callId, pageHangsUp));
        await LogAsync(page, proxy);

        (await target.WaitAsync()).MustSucceed();
        var call = await service.Process.EndedCallAsync(callId);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal((pageHangsUp ? "caller" : "target", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Theory]
    [InlineData("call-answered", "target-answers", "caller")]
    [InlineData("call-answered-peer-hangs-up", "target-answers-then-hangs-up", "target")]
    [Trait("RFC", "7118 §5, 3261 §12.2.1.1")]
    public async Task Whom_we_call_over_a_WebSocket_to_it_answers_and_either_side_hangs_up(string caller, string answering, string endedBy)
    {
        int port = FreePorts.Next();
        await using var proxy = await KamailioProxy.StartAsync(port, user: "4100", webSocketPort: service.Settings.TargetPort);
        await using var target = await Service.AnswerAsync(port, answering);
        string prefix = $"out-{Interlocked.Increment(ref s_calls)}";
        var result = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File(caller),
            Remote = service.Process.SipAddress,
            Dial = "bridge",
            PauseMs = 100,
            ReceiveTimeoutMs = 20_000,
            CallIdPrefix = prefix,
        });
        Assert.True(result.Succeeded, $"{result}\n{target.Describe()}\n{proxy.Describe()}\n{service.Process.Describe()}");

        (await target.WaitAsync()).MustSucceed();
        var call = await service.Process.EndedCallAsync($"{prefix}-1@127.0.0.1");
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal((endedBy, "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    private async Task<string> LogAsync(BrowserPage page, KamailioProxy proxy)
    {
        try
        {
            return await page.LogAsync(s_limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The page heard nothing.\n{proxy.Describe()}\n{service.Process.Describe()}");
            throw;
        }
    }

    public sealed class Service : EmbeddedService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            More = new Dictionary<string, string>
            {
                ["Sip__Listen__2"] = $"ws:127.0.0.1:{FreePorts.Next()}",
                ["Trunks__target__To__0"] = $"sip:127.0.0.1:{settings.TargetPort};transport=ws",
            },
        };

        /// <summary>Starts a scenario at a port.</summary>
        internal static Task<SippRun> AnswerAsync(int port, string scenario) => SippRun.StartAsync(new SippOptions
        {
            Scenario = Scenarios.File(scenario),
            Port = port,
            PauseMs = 100,
            ReceiveTimeoutMs = 60_000,
            Timeout = TimeSpan.FromSeconds(60),
        });
    }
}
