using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;
using EventCalls.Testing.Captures;

namespace EventCalls.Interop.Tests;

/// <summary>What a running service shows of its calls: figures, traces and copies of SIP messages.</summary>
public partial class Observing(Observing.ObservedService service) : IClassFixture<Observing.ObservedService>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_figure_of_the_dashboard_and_of_its_document_is_there_after_a_call_and_no_other()
    {
        await using var target = await service.TargetAsync("target-answers");
        await service.CallToTheEndAsync("call-answered", "bridge");
        (await target.WaitAsync()).MustSucceed();
        await service.CallToTheEndAsync("call-rejected-480", "throws");

        using var client = new HttpClient();
        string text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{service.HttpPort}/metrics"));
        var names = HelpLine().Matches(text).Select(m => m.Groups[1].Value).Order().ToList();
        Assert.Equal(names.Distinct(), names);
        var samples = SampleLine().Matches(text).Select(m => m.Groups[1].Value).ToHashSet();
        using var dashboard = JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(File("infra/grafana/eventcalls.json")));
        var asked = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(p => p.GetProperty("targets").EnumerateArray())
            .SelectMany(t => Name().Matches(t.GetProperty("expr").GetString()!)).Select(m => m.Value).ToHashSet();
        Assert.Empty(asked.Except(samples));
        Assert.Equal(names, asked.Select(name => BucketEnd().Replace(name, "")).Distinct().Order());
        Assert.Equal(names, Row().Matches(await System.IO.File.ReadAllTextAsync(File("docs/metrics.md"))).Select(m => m.Groups[1].Value).Order());
        Assert.Contains("\neventcalls_transfers_total{method=\"invite\",outcome=\"answered\"} ", text);
        Assert.Contains("\neventcalls_defaults_total{cause=\"logic_threw\"} ", text);
        Assert.Contains("\neventcalls_decision_duration_seconds_bucket{le=\"+Inf\"} ", text);
        Assert.Contains("\neventcalls_invites_total{trunk=\"carrier\"} ", text);
    }

    [Fact]
    public async Task A_call_is_one_trace_at_a_collector_with_the_call_s_id_from_INVITE_to_append()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge");
        (await target.WaitAsync()).MustSucceed();

        string id = $"{call.CallId}".Replace("-", "", StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        List<OtlpReceiver.Span> spans;
        while (!(spans = [.. service.Collector.Spans.Where(s => s.Trace == id)]).Exists(s => s.Name == "append") || !spans.Exists(s => s.Name == "call"))
        {
            Assert.True(clock.Elapsed < s_patience, string.Join(", ", service.Collector.Paths));
            await Task.Delay(100);
        }
        var first = Assert.Single(spans, s => s.Name == "call");
        Assert.Equal((id[16..], ""), (first.Id, first.Parent));
        Assert.All(spans.Where(s => s != first), s => Assert.Equal(first.Id, s.Parent));
        Assert.Equal(["append", "call", "confirm", "decide", "transfer"], spans.Select(s => s.Name).Distinct().Order());
    }

    [Fact]
    public async Task The_messages_of_all_legs_of_a_call_are_copied_with_its_id_and_without_credentials()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge");
        (await target.WaitAsync()).MustSucceed();

        var copies = new List<HepChunks>();
        using var limit = new CancellationTokenSource(s_patience);
        while (copies.Count(c => c.Payload.StartsWith("BYE ", StringComparison.Ordinal)) < 2 || copies.Count(c => IsAnswerOf(c, "BYE")) < 2)
        {
            var copy = new HepChunks((await service.Homer.ReceiveAsync(limit.Token)).Buffer);
            if (copy.Correlation == $"{call.CallId}")
                copies.Add(copy);
        }
        Assert.Equal(2, copies.Where(c => c.Payload.StartsWith("INVITE ", StringComparison.Ordinal)).Select(c => c.Source).Distinct().Count());
        Assert.Equal(2, copies.Where(c => c.Payload.StartsWith("ACK ", StringComparison.Ordinal)).Select(c => c.Source).Distinct().Count());
        Assert.Equal(2, copies.Where(c => IsAnswerOf(c, "INVITE") && c.Payload.StartsWith("SIP/2.0 200", StringComparison.Ordinal)).Select(c => c.Source).Distinct().Count());
        Assert.All(copies, c => Assert.Equal(2001, c.Agent));
    }

    private static bool IsAnswerOf(HepChunks copy, string method) => copy.Payload.StartsWith("SIP/2.0 ", StringComparison.Ordinal) && Regex.IsMatch(copy.Payload, $@"\nCSeq: *\d+ {method}\r");

    private static string File(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "EventCalls.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, path);
    }

    [GeneratedRegex(@"^# HELP (\w+) ", RegexOptions.Multiline)]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^(\w+)[{ ]", RegexOptions.Multiline)]
    private static partial Regex SampleLine();

    [GeneratedRegex(@"eventcalls_\w+")]
    private static partial Regex Name();

    [GeneratedRegex("_bucket$")]
    private static partial Regex BucketEnd();

    [GeneratedRegex(@"^\| `(eventcalls_\w+)", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>A service of which everything is asked.</summary>
    public sealed class ObservedService : EmbeddedService
    {
        internal int HttpPort { get; } = FreePorts.Next();

        internal OtlpReceiver Collector { get; } = new(FreePorts.Next());

        internal UdpClient Homer { get; } = new(new IPEndPoint(IPAddress.Loopback, 0));

        /// <inheritdoc/>
        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await Collector.DisposeAsync();
            Homer.Dispose();
        }

        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            More = new Dictionary<string, string>
            {
                ["Http__Listen"] = $"http://127.0.0.1:{HttpPort}",
                ["Hep__Target"] = $"udp:{Homer.Client.LocalEndPoint}",
                ["Telemetry__Otlp"] = Collector.Address,
                ["Telemetry__SampleRatio"] = "1",
                // Its servers are asked, and nobody is there.
                ["Trunks__watched__To__0"] = $"sip:127.0.0.1:{FreePorts.Next()};transport=udp",
                ["Trunks__watched__HealthSeconds"] = "60",
            },
        };
    }
}
