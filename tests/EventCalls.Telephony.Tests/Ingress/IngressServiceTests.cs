using EventCalls.Contracts;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Ingress;

public sealed class IngressServiceTests : IAsyncLifetime
{
    private readonly FakeJournal _journal = new();
    private readonly FakeMessages _messages = new();
    private readonly LoopbackTrunk _trunk;
    private readonly TelephonyOptions _options = new()
    {
        Node = "edge-1",
        Listen = ["udp:127.0.0.1:0"],
        Trunks = [new TrunkOptions { Name = "carrier", From = ["127.0.0.0/8"] }],
        DeadlineMs = 600_000,
    };

    private IngressService? _service;

    public IngressServiceTests() => _trunk = new LoopbackTrunk(_journal);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_call_is_taken_and_its_handoff_carried_out_whichever_shard_it_lives_on(int shards)
    {
        var service = await StartAsync(_options with { Shards = shards });
        for (int i = 0; i < 8; i++)
        {
            var started = await _trunk.CallAsync(service, i);
            service.Take(LoopbackTrunk.Reject(started, 404));
            Assert.StartsWith("SIP/2.0 404", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
        }
        await service.DrainAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal(8, _journal.Events.OfType<CallEnded>().Count(e => e.Cause == CallEndCause.Rejected));
        Assert.Equal(shards > 1, _journal.Events.Select(e => CallIds.ShardOf(e.CallId)).Distinct().Count() > 1);
    }

    [Fact]
    public async Task The_node_says_that_it_lives_at_its_start_and_that_it_stops_at_its_end()
    {
        var service = await StartAsync(_options);
        Assert.False(Assert.Single(_messages.Heartbeats).Stopping);
        await service.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.True(_messages.Heartbeats[^1].Stopping);
        Assert.Equal(_messages.Heartbeats[0].RunningSince, _messages.Heartbeats[^1].RunningSince);
    }

    [Fact]
    public async Task A_start_that_the_bus_does_not_hear_of_fails_and_gives_the_ports_back()
    {
        _messages.Throws = new InvalidOperationException("down");
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(_options));
        using var again = new System.Net.Sockets.UdpClient(_service!.Listening[0].EndPoint);
    }

    [Fact]
    public async Task A_node_whose_ports_are_taken_says_nothing_about_its_calls()
    {
        await Assert.ThrowsAsync<ListenException>(() => StartAsync(_options with { Listen = [$"udp:{_trunk.EndPoint}"] }));
        Assert.Empty(_messages.Heartbeats);
    }

    [Fact]
    public async Task Draining_lets_open_calls_end_by_themselves_and_refuses_new_ones()
    {
        var service = await StartAsync(_options);
        var started = await _trunk.CallAsync(service, 1);
        var drained = service.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await _trunk.InviteAsync(service, 2);
        Assert.StartsWith("SIP/2.0 100", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 503", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
        service.Take(LoopbackTrunk.Reject(started, 404));
        await drained.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(CallEndCause.Rejected, Assert.Single(_journal.Events.OfType<CallEnded>()).Cause);
    }

    [Fact]
    public async Task Draining_ends_what_is_left_when_the_grace_is_over()
    {
        var service = await StartAsync(_options);
        await _trunk.CallAsync(service, 1);
        await service.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(CallEndCause.NodeStopped, Assert.Single(_journal.Events.OfType<CallEnded>()).Cause);
        Assert.StartsWith("SIP/2.0 480", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task On_all_addresses_no_peer_is_ever_told_0_0_0_0(int shards)
    {
        await StartAsync(_options with
        {
            Listen = ["udp:0.0.0.0:0"],
            Shards = shards,
            Answer = AnswerMode.Immediately,
            DeadlineMs = 200,
            DefaultSteps = [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "4711", OutboundEndpoint = "pstn" }],
            Trunks = [.. _options.Trunks, new TrunkOptions { Name = "pstn", To = [$"sip:{_trunk.EndPoint}"] }],
        });
        await _trunk.InviteAsync(_service!, 1);
        string answer = "", invite = "";
        while (answer.Length == 0 || invite.Length == 0)
        {
            string message = await _trunk.ReceiveAsync();
            Assert.DoesNotContain("0.0.0.0", message);
            if (message.StartsWith("SIP/2.0 200", StringComparison.Ordinal))
                answer = message;
            else if (message.StartsWith("INVITE ", StringComparison.Ordinal))
                invite = message;
        }
        int port = _service!.Listening[0].EndPoint.Port;
        Assert.Contains($"Contact: <sip:127.0.0.1:{port}>", answer);
        Assert.Contains("c=IN IP4 127.0.0.1", answer);
        Assert.Contains($"Via: SIP/2.0/UDP 127.0.0.1:{port};", invite);
        Assert.Contains($"Contact: <sip:127.0.0.1:{port}>", invite);
        Assert.Contains("@127.0.0.1>;tag=", invite);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("pbx.invalid", false)]
    public async Task Connections_of_an_endpoint_with_a_host_name_are_taken_from_where_the_name_leads(string host, bool taken)
    {
        await StartAsync(_options with
        {
            Listen = ["tcp:127.0.0.1:0"],
            Trunks = [new TrunkOptions { Name = "carrier", From = ["10.0.0.0/8"] }, new TrunkOptions { Name = "pstn", To = [$"sip:{host};transport=tcp"] }],
        });
        // The name is looked up beside the start, which does not wait for it.
        for (int i = 0; i < (taken ? 1_000 : 3); i++)
        {
            using var peer = new System.Net.Sockets.TcpClient();
            await peer.ConnectAsync(_service!.Listening[0].EndPoint);
            try
            {
                await peer.GetStream().WriteAsync("\r\n\r\n"u8.ToArray());
                if (await peer.GetStream().ReadAsync(new byte[2]).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) > 0)
                {
                    Assert.True(taken);
                    return;
                }
            }
            catch (IOException)
            {
                // Refused: reset.
            }
            await Task.Delay(10);
        }
        Assert.False(taken);
    }

    [Fact]
    public async Task A_drain_in_a_hurry_ends_the_calls_at_once_and_says_goodbye_nevertheless()
    {
        var service = await StartAsync(_options);
        await _trunk.CallAsync(service, 1);
        using var hurry = new CancellationTokenSource();
        var drained = service.DrainAsync(TimeSpan.FromMinutes(10), hurry.Token);
        await hurry.CancelAsync();
        await drained.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(CallEndCause.NodeStopped, Assert.Single(_journal.Events.OfType<CallEnded>()).Cause);
        Assert.True(_messages.Heartbeats[^1].Stopping);
    }

    [Fact]
    public async Task A_port_in_use_is_said()
    {
        string used = $"udp:127.0.0.1:{_trunk.EndPoint.Port}";
        var e = await Assert.ThrowsAsync<ListenException>(() => StartAsync(_options with { Listen = [used] }));
        Assert.Contains(used, e.Message);
    }

    [Theory]
    [InlineData("Node", "a b")]
    [InlineData("Sip:Listen:0", "5060")]
    [InlineData("Sip:AdvertisedHost", "a b")]
    [InlineData("Sip:AdvertisedHost", "0.0.0.0")]
    [InlineData("Sip:Listen:0", "udp:0.0.0.0:5060 advertise 0.0.0.0")]
    [InlineData("Sip:Tcp:MessageSeconds", "0")]
    [InlineData("Routing:DeadlineMs", "0")]
    [InlineData("Sip:Shards", "0")]
    [InlineData("Calls:RingTimeoutSeconds", "601")]
    public void An_option_that_cannot_be_used_is_said_by_its_key(string key, string value)
    {
        var options = key switch
        {
            "Node" => _options with { Node = value },
            "Sip:Listen:0" => _options with { Listen = [value] },
            "Sip:AdvertisedHost" => _options with { AdvertisedHost = value },
            "Routing:DeadlineMs" => _options with { DeadlineMs = int.Parse(value) },
            "Sip:Tcp:MessageSeconds" => _options with { Tcp = new TcpOptions { MessageSeconds = int.Parse(value) } },
            "Sip:Shards" => _options with { Shards = int.Parse(value) },
            _ => _options with { RingTimeoutSeconds = int.Parse(value) },
        };
        var e = Assert.Throws<TelephonyOptionsException>(() => Make(options));
        Assert.Equal(key, e.Key);
        Assert.Equal(value, e.Value);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        _trunk.Dispose();
    }

    private IngressService Make(TelephonyOptions options) =>
        _service = new IngressService(options, _journal, _messages, TimeProvider.System, NullLogger<IngressService>.Instance);

    private async Task<IngressService> StartAsync(TelephonyOptions options)
    {
        var service = Make(options);
        await service.StartAsync(CancellationToken.None);
        return service;
    }
}
