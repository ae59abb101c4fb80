using EventCalls.Contracts;
using EventCalls.Sip.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Ingress;

public sealed class IngressServiceTests : IAsyncDisposable
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
            "Sip:Shards" => _options with { Shards = int.Parse(value) },
            _ => _options with { RingTimeoutSeconds = int.Parse(value) },
        };
        var e = Assert.Throws<TelephonyOptionsException>(() => Make(options));
        Assert.Equal(key, e.Key);
        Assert.Equal(value, e.Value);
    }

    public async ValueTask DisposeAsync()
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
