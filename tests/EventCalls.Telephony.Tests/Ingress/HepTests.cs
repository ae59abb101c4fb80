using System.Net;
using System.Net.Sockets;
using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Testing.Captures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Ingress;

/// <summary>Every SIP message of a node, as a collector receives it.</summary>
public sealed class HepTests : IAsyncLifetime
{
    private readonly FakeJournal _journal = new();
    private readonly LoopbackTrunk _trunk;
    private readonly UdpClient _collector = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly TelephonyOptions _options;
    private IngressService? _service;

    public HepTests()
    {
        _trunk = new LoopbackTrunk(_journal);
        _options = new TelephonyOptions
        {
            Node = "edge-1",
            Listen = ["udp:127.0.0.1:0"],
            Trunks = [new TrunkOptions { Name = "carrier", From = ["127.0.0.0/8"] }, new TrunkOptions { Name = "pstn", To = [$"sip:{_trunk.EndPoint}"] }],
            DeadlineMs = 600_000,
            Hep = new HepOptions { Target = $"udp:{_collector.Client.LocalEndPoint}", AgentId = 2001, Password = "myHep" },
        };
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Each_message_of_a_call_and_of_its_target_comes_once_with_the_id_of_the_call(int shards)
    {
        var service = await StartAsync(_options with { Shards = shards });
        var ids = new Dictionary<string, Guid>();
        for (int i = 0; i < 4; i++)
        {
            var started = await _trunk.CallAsync(service, i);
            ids.Add(started.SipCallId, started.CallId);
            service.Take(LoopbackTrunk.Reject(started, 480) with { Steps = [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "4711", OutboundEndpoint = "pstn" }] });
            Assert.StartsWith("INVITE ", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
        }
        var seen = new List<HepChunks>();
        while (seen.Count < 12)
        {
            var packet = await ReceiveAsync();
            // What nobody answers is sent again, and each time is one.
            if (!(IsSent(packet) && seen.Exists(s => s.Payload == packet.Payload)))
                seen.Add(packet);
        }
        foreach (var (callId, id) in ids)
        {
            var own = seen.Where(s => s.Correlation == id.ToString()).ToList();
            Assert.Equal(["< INVITE", "> 100", "> INVITE"], own.Select(s => $"{(IsSent(s) ? '>' : '<')} {Kind(s.Payload)}"));
            Assert.Contains($"Call-ID: {callId}\r\n", own[0].Payload);
            Assert.DoesNotContain($"Call-ID: {callId}\r\n", own[2].Payload);
            Assert.All(own, s => Assert.Equal((2, 17, 1, 2001L, "myHep"), (s.Family, s.Protocol, s.Kind, s.Agent, s.Password)));
            Assert.All(own, s => Assert.Equal((_trunk.EndPoint, service.Listening[0].EndPoint), IsSent(s) ? (s.Destination, s.Source) : (s.Source, s.Destination)));
        }
    }

    [Theory]
    [InlineData("127.0.0.1:9060")]
    [InlineData("tcp:127.0.0.1:9060")]
    [InlineData("udp:0.0.0.0:9060")]
    [InlineData("udp:127.0.0.1:0")]
    [InlineData("udp:homer.example.com:9060")]
    public void A_target_that_cannot_be_used_is_said_by_its_key(string target) =>
        Assert.Equal("Hep:Target", Assert.Single(TelephonyProblems.Of(_options with { Hep = new HepOptions { Target = target } })).Key);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        _trunk.Dispose();
        _collector.Dispose();
    }

    private static string Kind(string payload) => payload.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? payload.Split(' ')[1] : payload.Split(' ')[0];

    private bool IsSent(HepChunks packet) => packet.Source.Equals(_service!.Listening[0].EndPoint);

    private async Task<IngressService> StartAsync(TelephonyOptions options)
    {
        _service = new IngressService(options, _journal, new FakeMessages(), TimeProvider.System, NullLogger<IngressService>.Instance);
        await _service.StartAsync(CancellationToken.None);
        return _service;
    }

    private async Task<HepChunks> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return new HepChunks((await _collector.ReceiveAsync(limit.Token)).Buffer);
    }
}
