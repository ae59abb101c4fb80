using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport;

public sealed class ServerFinderTests
{
    private static readonly IPAddress[] s_first = [IPAddress.Parse("192.0.2.1")];
    private static readonly IPAddress[] s_second = [IPAddress.Parse("192.0.2.2")];
    private static readonly LocalTransports s_datagrams = new([(TransportProtocol.Udp, false)]);

    private readonly VirtualNetwork _clock = new();
    private readonly RecordingLogger _log = new();
    private readonly ServerFinder _finder;
    private readonly List<DnsQuestion> _asked = [];
    private Func<DnsQuestion, Task<DnsAnswer>> _answer = _ => Addresses(s_first);

    public ServerFinderTests() => _finder = new ServerFinder(
        question =>
        {
            lock (_asked)
                _asked.Add(question);
            return _answer(question);
        },
        s_datagrams,
        new VirtualTime(_clock),
        _log);

    [Fact]
    public async Task Who_asks_for_a_name_that_is_being_looked_up_waits_for_that_look_up()
    {
        var answer = new TaskCompletionSource<DnsAnswer>();
        _answer = _ => answer.Task;
        var asking = Enumerable.Range(0, 200).Select(i => FindAsync(i % 2 == 0 ? "pbx.example" : "PBX.example.")).ToList();
        answer.SetResult(await Addresses(s_first));
        Assert.All(await Task.WhenAll(asking), found => Assert.Equal(s_first, found));
        Assert.Single(_asked);
        Assert.Equal(s_first, Known("pbx.example"));
    }

    [Fact]
    [Trait("RFC", "2308 §7")]
    public async Task A_failure_is_kept_for_five_seconds_and_said_once_a_minute()
    {
        _answer = _ => Task.FromException<DnsAnswer>(new SocketException((int)SocketError.TryAgain));
        for (int i = 0; i < 200; i++)
            Assert.Empty(await FindAsync("pbx.example"));
        Assert.Single(_asked);
        Assert.Empty(Known("pbx.example")!);
        _clock.Run(5_000);
        Assert.Null(Known("pbx.example"));
        _answer = _ => Addresses(s_first);
        Assert.Equal(s_first, await FindAsync("pbx.example"));
        Assert.Equal(2, _asked.Count);
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task A_name_without_addresses_says_so_once_a_minute()
    {
        _answer = _ => Task.FromResult(DnsAnswer.None("no such name"));
        Assert.Empty(await FindAsync("pbx.example"));
        Assert.Empty(await FindAsync("pbx.example"));
        Assert.Single(_asked);
        Assert.Equal("The host pbx.example could not be resolved: pbx.example: A: no such name", Assert.Single(_log.Warnings));
    }

    [Fact]
    [Trait("RFC", "8767 §4")]
    public async Task While_the_servers_are_away_what_was_found_before_is_used_and_only_the_first_who_asks_waits()
    {
        await FindAsync("pbx.example");
        _clock.Run(30_000);
        _answer = _ => Task.FromException<DnsAnswer>(new SocketException((int)SocketError.TryAgain));
        Assert.Equal(s_first, await FindAsync("pbx.example"));
        Assert.Equal(s_first, Known("pbx.example"));
        Assert.Contains("what was found before is used", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        // The next look-up, under way, holds nobody up either.
        _clock.Run(5_000);
        var answer = new TaskCompletionSource<DnsAnswer>();
        _answer = _ => answer.Task;
        var asking = FindAsync("pbx.example");
        Assert.Equal(s_first, Known("pbx.example"));
        answer.SetResult(await Addresses(s_second));
        Assert.Equal(s_second, await asking);
        // After an hour it is too old to be used.
        _clock.Run(30_000 + 3_600_000);
        _answer = _ => Task.FromException<DnsAnswer>(new SocketException((int)SocketError.TryAgain));
        Assert.Empty(await FindAsync("pbx.example"));
    }

    [Fact]
    public async Task Who_waits_for_servers_gets_them_and_others_are_told_where_they_are()
    {
        var told = new List<(ServerQuery Query, IPAddress[] Addresses)>();
        _finder.Found = (query, addresses) => told.Add((query, addresses));
        _answer = question => question.Kind switch
        {
            DnsKind.Naptr => Task.FromResult(DnsAnswer.None("no record")),
            DnsKind.Srv => Task.FromResult(new DnsAnswer { Status = DnsStatus.Found, Servers = [new SrvRecord(1, 1, 5070, "a.example")] }),
            _ => Addresses(s_second),
        };
        var query = new ServerQuery("example", null, null, false);
        Assert.Null(_finder.TryFind(query));
        var found = await _finder.FindAsync(query);
        Assert.Equal("udp:192.0.2.2:5070", Assert.Single(found.InOrder(RandomSource.FromSeed(1))).ToString());
        Assert.Equal(["NAPTR of example", "SRV of _sip._udp.example", "A of a.example"], _asked.Select(q => q.ToString()));
        Assert.Equal((query, s_second[0]), (told.Single().Query, told.Single().Addresses.Single()));
        Assert.NotNull(_finder.TryFind(query));
    }

    private static Task<DnsAnswer> Addresses(IPAddress[] addresses) => Task.FromResult(new DnsAnswer { Status = DnsStatus.Found, Addresses = addresses });

    private static ServerQuery Query(string host) => new(host, 5060, null, false);

    private async Task<IEnumerable<IPAddress>> FindAsync(string host) => (await _finder.FindAsync(Query(host))).Addresses;

    private IEnumerable<IPAddress>? Known(string host) => _finder.TryFind(Query(host))?.Addresses;

    [Fact]
    public async Task Two_hundred_names_with_no_server_that_answers_block_four_threads_none_of_them_the_pools()
    {
        int under = 0, most = 0;
        bool onPool = false;
        using var gate = new ManualResetEventSlim();
        var resolver = new SystemResolver(TimeProvider.System, _log, _ =>
        {
            onPool |= Thread.CurrentThread.IsThreadPoolThread;
            int now = Interlocked.Increment(ref under);
            InterlockedMax(ref most, now);
            gate.Wait();
            Interlocked.Decrement(ref under);
            return s_first;
        });
        var asking = Enumerable.Range(0, 200).Select(i => resolver.LookUpAsync($"h{i}")).ToList();
        await Task.Run(static () => { }).WaitAsync(TcpPeer.Patience);
        gate.Set();
        await Task.WhenAll(asking).WaitAsync(TcpPeer.Patience);
        Assert.False(onPool);
        Assert.InRange(most, 1, SystemResolver.Threads);
    }

    [Fact]
    public async Task Look_ups_that_waited_too_long_are_not_made_and_too_many_fail_at_once()
    {
        var time = new VirtualTime(_clock);
        using var gate = new ManualResetEventSlim();
        int made = 0;
        var resolver = new SystemResolver(time, _log, _ =>
        {
            Interlocked.Increment(ref made);
            gate.Wait();
            return s_first;
        });
        var asking = new List<Task<IPAddress[]>>();
        for (int i = 0; i < SystemResolver.Threads; i++)
            asking.Add(resolver.LookUpAsync($"h{i}"));
        using (var patience = new CancellationTokenSource(TcpPeer.Patience))
        {
            while (Volatile.Read(ref made) < SystemResolver.Threads)
                await Task.Delay(5, patience.Token);
        }
        for (int i = 0; i < SystemResolver.MostWaiting; i++)
            asking.Add(resolver.LookUpAsync($"w{i}"));
        await Assert.ThrowsAsync<SocketException>(() => resolver.LookUpAsync("one more"));
        _clock.Run(5_001);
        gate.Set();
        foreach (var late in asking.Skip(SystemResolver.Threads))
            await Assert.ThrowsAsync<TimeoutException>(() => late.WaitAsync(TcpPeer.Patience));
        Assert.Equal(SystemResolver.Threads, made);
    }

    [Fact]
    public async Task The_systems_own_resolver_is_asked()
    {
        var resolver = new SystemResolver(TimeProvider.System, _log);
        Assert.Contains(IPAddress.Loopback, await resolver.LookUpAsync("localhost").WaitAsync(TcpPeer.Patience));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < now && Interlocked.CompareExchange(ref most, now, seen) != seen)
        {
        }
    }
}
