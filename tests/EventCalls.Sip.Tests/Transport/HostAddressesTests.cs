using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Transport;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport;

public sealed class HostAddressesTests
{
    private static readonly IPAddress[] s_first = [IPAddress.Parse("192.0.2.1")];
    private static readonly IPAddress[] s_second = [IPAddress.Parse("192.0.2.2")];

    private readonly VirtualNetwork _clock = new();
    private readonly RecordingLogger _log = new();
    private readonly HostAddresses _hosts;
    private readonly List<string> _asked = [];
    private Func<string, Task<IPAddress[]>> _answer = _ => Task.FromResult(s_first);

    public HostAddressesTests() => _hosts = new HostAddresses(
        host =>
        {
            lock (_asked)
                _asked.Add(host);
            return _answer(host);
        },
        new VirtualTime(_clock),
        _log);

    [Fact]
    public async Task Who_asks_for_a_name_that_is_being_looked_up_waits_for_that_look_up()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        _answer = _ => answer.Task;
        var asking = Enumerable.Range(0, 200).Select(i => _hosts.ResolveAsync(i % 2 == 0 ? "pbx.example" : "PBX.example")).ToList();
        answer.SetResult(s_first);
        Assert.All(await Task.WhenAll(asking), found => Assert.Equal(s_first, found));
        Assert.Single(_asked);
        Assert.True(_hosts.TryGet("pbx.example", out var known));
        Assert.Equal(s_first, known);
    }

    [Fact]
    [Trait("RFC", "2308 §7")]
    public async Task A_failure_is_kept_for_five_seconds_and_said_once_a_minute()
    {
        _answer = _ => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.TryAgain));
        for (int i = 0; i < 200; i++)
            Assert.Empty(await _hosts.ResolveAsync("pbx.example"));
        Assert.Single(_asked);
        Assert.True(_hosts.TryGet("pbx.example", out var none));
        Assert.Empty(none);
        _clock.Run(5_000);
        Assert.False(_hosts.TryGet("pbx.example", out _));
        _answer = _ => Task.FromResult(s_first);
        Assert.Equal(s_first, await _hosts.ResolveAsync("pbx.example"));
        Assert.Equal(2, _asked.Count);
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task A_name_without_addresses_is_a_failure_too()
    {
        _answer = _ => Task.FromResult<IPAddress[]>([]);
        Assert.Empty(await _hosts.ResolveAsync("pbx.example"));
        Assert.Empty(await _hosts.ResolveAsync("pbx.example"));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task What_was_found_is_asked_for_again_after_half_a_minute()
    {
        await _hosts.ResolveAsync("pbx.example");
        _clock.Run(29_999);
        Assert.Equal(s_first, await _hosts.ResolveAsync("pbx.example"));
        Assert.Single(_asked);
        _clock.Run(1);
        _answer = _ => Task.FromResult(s_second);
        Assert.Equal(s_second, await _hosts.ResolveAsync("pbx.example"));
    }

    [Fact]
    [Trait("RFC", "8767 §4")]
    public async Task While_the_servers_are_away_what_was_found_before_is_used_and_only_the_first_who_asks_waits()
    {
        await _hosts.ResolveAsync("pbx.example");
        _clock.Run(30_000);
        _answer = _ => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.TryAgain));
        Assert.Equal(s_first, await _hosts.ResolveAsync("pbx.example"));
        Assert.True(_hosts.TryGet("pbx.example", out var stale));
        Assert.Equal(s_first, stale);
        Assert.Contains("its addresses of before are used", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        // The next look-up, under way, holds nobody up either.
        _clock.Run(5_000);
        var answer = new TaskCompletionSource<IPAddress[]>();
        _answer = _ => answer.Task;
        var asking = _hosts.ResolveAsync("pbx.example");
        Assert.True(_hosts.TryGet("pbx.example", out stale));
        Assert.Equal(s_first, stale);
        answer.SetResult(s_second);
        Assert.Equal(s_second, await asking);
        // After an hour it is too old to be used.
        _clock.Run(3_600_000);
        _answer = _ => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.TryAgain));
        Assert.Empty(await _hosts.ResolveAsync("pbx.example"));
    }

    [Fact]
    public async Task Names_without_end_do_not_fill_the_memory_and_found_ones_are_told()
    {
        var told = new List<string>();
        _hosts.Found = (host, _) => told.Add(host);
        for (int i = 0; i < 3_000; i++)
            await _hosts.ResolveAsync($"h{i}.example");
        Assert.Equal(3_000, told.Count);
        Assert.False(_hosts.TryGet("h0.example", out _));
        Assert.True(_hosts.TryGet("h2999.example", out _));
    }

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
