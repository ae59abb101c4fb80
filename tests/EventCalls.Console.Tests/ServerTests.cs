using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventCalls.Console.Tests;

public sealed class ServerTests
{
    [Fact]
    public async Task Health_is_open_and_says_one_word()
    {
        await using var console = await ServedStore.StartAsync();
        Assert.Equal("""{"status":"live"}""", await console.Client.GetStringAsync("/health/live"));
        Assert.Equal("""{"status":"ready"}""", await console.Client.GetStringAsync("/health/ready"));
        console.Health = console.Health with { Ok = false, Status = "stopping" };
        using var answer = await console.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"stopping"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/calls", 200)]
    [InlineData("/api/calls/nobody", 404)]
    [InlineData("/api/live", 405)]
    public async Task Who_asks_for_the_head_alone_as_load_balancers_do_gets_it(string path, int status)
    {
        await using var console = await ServedStore.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await console.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        // The connection goes on behind it.
        Assert.Equal("""{"status":"live"}""", await console.Client.GetStringAsync("/health/live"));
    }

    [Fact]
    public async Task What_changes_something_is_JSON_whatever_the_method()
    {
        await using var console = await ServedStore.StartAsync();
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, method == HttpMethod.Put ? "/api/config/holiday" : "/api/logic/check") { Content = new StringContent("""{"value": "yes"}""", Encoding.UTF8, "text/plain") };
            using var answer = await console.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Every_answer_keeps_browsers_from_loading_framing_and_guessing_and_does_not_name_the_server()
    {
        await using var console = await ServedStore.StartAsync();
        foreach (string path in new[] { "/health/live", "/nothing/here" })
        {
            using var answer = await console.Client.GetAsync(path);
            Assert.Contains("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Empty(answer.Headers.Server);
        }
    }

    [Fact]
    public async Task Figures_are_served_as_Prometheus_reads_them()
    {
        await using var console = await ServedStore.StartAsync(sources: s => s with
        {
            Gauges = () => [new Gauge("eventcalls_calls_active", "Calls.", 3), new Gauge("eventcalls_logic_info", "Logic.", 1, ("version", "a\"b\\c\nd"))],
        });
        using var answer = await console.Client.GetAsync("/metrics");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "# HELP eventcalls_calls_active Calls.\n# TYPE eventcalls_calls_active gauge\neventcalls_calls_active 3\n"
            + "# HELP eventcalls_logic_info Logic.\n# TYPE eventcalls_logic_info gauge\neventcalls_logic_info{version=\"a\\\"b\\\\c\\nd\"} 1\n",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_the_key_and_what_to_do()
    {
        await using var first = await ServedStore.StartAsync();
        var refused = await Assert.ThrowsAsync<ConsoleRefusedException>(() => ServedStore.StartAsync(o => o with { Listen = first.Address }));
        Assert.StartsWith("EventCalls:Http:Listen is ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("choose a free address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_sends_the_head_of_a_request_slowly_is_cut_off()
    {
        await using var console = await ServedStore.StartAsync(o => o with { HeadTimeout = TimeSpan.FromMilliseconds(300) });
        using var slow = new TcpClient();
        await slow.ConnectAsync(console.Address.Host, console.Address.Port);
        await using var stream = slow.GetStream();
        await stream.WriteAsync("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"u8.ToArray());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 408 ", await reader.ReadToEndAsync(limit.Token), StringComparison.Ordinal);
    }
}
