using EventCalls.Media.Dtls;
using EventCalls.Media.Srtp;
using EventCalls.Media.Tests.Srtp;

namespace EventCalls.Media.Tests.Dtls;

[Trait("RFC", "5764 §4.1, §4.2")]
public sealed class DtlsSessionTests : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static readonly DtlsIdentity s_one = DtlsIdentity.Create(TimeProvider.System);
    private static readonly DtlsIdentity s_other = DtlsIdentity.Create(TimeProvider.System);
    private readonly DtlsWorkers _workers = new();

    [Fact]
    public async Task Both_ends_get_the_same_keys_crosswise_and_their_packets_open()
    {
        foreach (SrtpSuite suite in SrtpSuite.All.Where(s => s.DtlsProfile != 0))
        {
            var (client, server) = Pair([suite], SrtpSuite.All);
            var (ours, theirs) = await KeysAsync(client, server);
            Assert.Equal(suite, ours.Ours.Suite);
            Same(ours, theirs);
            using var sender = new SrtpContext(ours.Ours);
            using var receiver = new SrtpContext(theirs.Peers);
            receiver.Receives(sender.Protected(SrtpPackets.Packet(1)), SrtpPackets.Packet(1));
            Assert.Equal((1, 1), (client.Told, server.Told));
        }
    }

    [Fact]
    public async Task The_server_chooses_in_its_own_order()
    {
        var (client, server) = Pair(SrtpSuite.All, [SrtpSuite.AesCm256Tag80, SrtpSuite.AesGcm256, SrtpSuite.AesCm128Tag80]);
        Assert.Equal(SrtpSuite.AesGcm256, (await KeysAsync(client, server)).Client.Ours.Suite);
    }

    [Theory]
    [Trait("RFC", "6347 §4.2.4")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_seventh_of_the_datagrams_lost_and_others_doubled_or_late_the_keys_come_still(int seed)
    {
        var random = new Random(seed);
        var (client, server) = Pair();
        client.Out = d => Lossy(server, d);
        server.Out = d => Lossy(client, d);
        var (ours, theirs) = await KeysAsync(client, server);
        Same(ours, theirs);

        void Lossy(DtlsEnd to, byte[] datagram)
        {
            int chance;
            lock (random)
                chance = random.Next(100);
            if (chance < 15)
                return;
            if (chance < 40)
                to.Session.Receive(datagram);
            if (chance is > 60 and < 80)
                _ = Task.Delay(chance).ContinueWith(_ => to.Session.Receive(datagram), TaskScheduler.Default);
            else
                to.Session.Receive(datagram);
        }
    }

    [Fact]
    [Trait("RFC", "6347 §4.2.4")]
    public async Task A_client_that_missed_the_servers_last_message_gets_it_again()
    {
        var (client, server) = Pair();
        bool lost = false;
        server.Out = d =>
        {
            // Change of cipher and what follows it, in one datagram: the server's last flight, lost the first time.
            if (!lost && d[0] == 20)
            {
                lost = true;
                return;
            }
            client.Session.Receive(d);
        };
        var (ours, theirs) = await KeysAsync(client, server);
        Assert.True(lost);
        Same(ours, theirs);
    }

    [Fact]
    [Trait("RFC", "5763 §5")]
    public async Task A_certificate_that_is_not_the_one_named_is_refused_by_either_end()
    {
        var third = DtlsIdentity.Create(TimeProvider.System).Fingerprint;
        var (client, server) = Pair(clientsPeer: [third]);
        Start(client, server);
        Assert.Equal(DtlsFault.WrongFingerprint, (await client.Fault.WaitAsync(s_longest)).Fault);
        Assert.Equal(DtlsFault.Refused, (await server.Fault.WaitAsync(s_longest)).Fault);
        (client, server) = Pair(serversPeer: [third]);
        Start(client, server);
        Assert.Equal(DtlsFault.WrongFingerprint, (await server.Fault.WaitAsync(s_longest)).Fault);
        Assert.Equal(DtlsFault.Refused, (await client.Fault.WaitAsync(s_longest)).Fault);
        (client, server) = Pair(serversPeer: []);
        Start(client, server);
        Assert.Equal(DtlsFault.WrongFingerprint, (await server.Fault.WaitAsync(s_longest)).Fault);
    }

    [Fact]
    public async Task Without_a_common_suite_there_are_no_keys()
    {
        var (client, server) = Pair([SrtpSuite.AesGcm128], [SrtpSuite.AesCm128Tag80, SrtpSuite.AesCm256Tag80]);
        Start(client, server);
        Assert.Equal(DtlsFault.NoCommonSuite, (await server.Fault.WaitAsync(s_longest)).Fault);
        var (fault, detail) = await client.Fault.WaitAsync(s_longest);
        Assert.Equal(DtlsFault.Refused, fault);
        Assert.Contains("handshake_failure", detail);
    }

    [Fact]
    public async Task Garbage_between_the_messages_does_no_harm()
    {
        var random = new Random(3);
        var (client, server) = Pair();
        client.Out = d => Amid(server, d);
        server.Out = d => Amid(client, d);
        var (ours, theirs) = await KeysAsync(client, server);
        Same(ours, theirs);

        void Amid(DtlsEnd to, byte[] datagram)
        {
            lock (random)
            {
                for (int i = 0; i < 3; i++)
                {
                    byte[] garbage = new byte[1 + random.Next(300)];
                    random.NextBytes(garbage);
                    garbage[0] = (byte)(20 + random.Next(44));
                    to.Session.Receive(garbage);
                }
            }
            to.Session.Receive(datagram);
        }
    }

    [Fact]
    public async Task A_handshake_message_of_garbage_ends_in_a_refusal_and_frees_its_thread()
    {
        var random = new Random(5);
        for (int i = 0; i < 40; i++)
        {
            using var server = new DtlsEnd(s_other, DtlsRole.Server, [s_one.Fingerprint], _workers);
            server.Session.Start(TimeSpan.FromSeconds(2));
            // A whole record of a ClientHello that is one in name alone.
            byte[] body = new byte[random.Next(1, 200)];
            random.NextBytes(body);
            byte length = (byte)body.Length;
            server.Session.Receive([22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(length + 12), 1, 0, 0, length, 0, 0, 0, 0, 0, 0, 0, length, .. body]);
            Assert.Equal(DtlsFault.Refused, (await server.Fault.WaitAsync(s_longest)).Fault);
        }
        Assert.True(_workers.Threads <= 2);
    }

    [Fact]
    public async Task A_peer_that_says_nothing_takes_no_thread_as_server_and_only_its_time_as_client()
    {
        using var server = new DtlsEnd(s_one, DtlsRole.Server, [s_other.Fingerprint], _workers);
        server.Session.Start(TimeSpan.FromMilliseconds(300));
        Assert.Equal(DtlsFault.TimedOut, (await server.Fault.WaitAsync(s_longest)).Fault);
        Assert.Equal(0, _workers.Threads);
        using var client = new DtlsEnd(s_one, DtlsRole.Client, [s_other.Fingerprint], _workers);
        int sent = 0;
        client.Out = _ => Interlocked.Increment(ref sent);
        client.Session.Start(TimeSpan.FromMilliseconds(1200));
        Assert.Equal(DtlsFault.TimedOut, (await client.Fault.WaitAsync(s_longest)).Fault);
        // At once, after 250 and after 750 ms.
        Assert.InRange(sent, 2, 3);
        Assert.Equal(1, _workers.Threads);
    }

    [Fact]
    public async Task Handshakes_beyond_the_threads_wait_and_beyond_the_queue_are_refused()
    {
        using var workers = new DtlsWorkers(threads: 2, waiting: 2);
        DtlsEnd[] silent = [.. Enumerable.Range(0, 2).Select(_ => new DtlsEnd(s_one, DtlsRole.Client, [s_other.Fingerprint], workers))];
        foreach (DtlsEnd end in silent)
        {
            var sent = new TaskCompletionSource();
            end.Out = _ => sent.TrySetResult();
            end.Session.Start(DtlsSession.DefaultLimit);
            await sent.Task.WaitAsync(s_longest);
        }
        DtlsEnd[] later = [.. Enumerable.Range(0, 3).Select(_ => new DtlsEnd(s_one, DtlsRole.Client, [s_other.Fingerprint], workers))];
        foreach (DtlsEnd end in later)
            end.Session.Start(DtlsSession.DefaultLimit);
        Assert.Equal(DtlsFault.Overloaded, (await later[2].Fault.WaitAsync(s_longest)).Fault);
        Assert.Equal(2, workers.Threads);
        Assert.Equal(0, later[0].Told);
        // Whoever gives up makes room at once, without a word to its owner.
        var begun = new TaskCompletionSource();
        later[0].Out = _ => begun.TrySetResult();
        silent[0].Dispose();
        await begun.Task.WaitAsync(s_longest);
        Assert.Equal(0, silent[0].Told);
        foreach (DtlsEnd end in (DtlsEnd[])[.. silent, .. later])
            end.Dispose();
    }

    [Fact]
    public async Task Peers_that_say_nothing_give_way_to_those_that_wait_one_for_each()
    {
        using var workers = new DtlsWorkers(threads: 3);
        DtlsEnd[] silent = [.. Enumerable.Range(0, 3).Select(_ => new DtlsEnd(s_one, DtlsRole.Client, [s_other.Fingerprint], workers))];
        foreach (DtlsEnd end in silent)
            end.Session.Start(s_longest);
        var client = new DtlsEnd(s_one, DtlsRole.Client, [s_other.Fingerprint], workers);
        var server = new DtlsEnd(s_other, DtlsRole.Server, [s_one.Fingerprint], _workers);
        client.Out = d => server.Session.Receive(d);
        server.Out = d => client.Session.Receive(d);
        var (ours, theirs) = await KeysAsync(client, server);
        Same(ours, theirs);
        DtlsFault gaveWay = (await await Task.WhenAny(silent.Select(s => s.Fault)).WaitAsync(s_longest)).Fault;
        Assert.Equal(DtlsFault.Overloaded, gaveWay);
        Assert.Equal(1, silent.Sum(s => s.Told));
        foreach (DtlsEnd end in silent)
            end.Dispose();
    }

    [Fact]
    [Trait("RFC", "7983 §7")]
    public void Only_what_begins_like_DTLS_is_DTLS()
    {
        for (int first = 0; first < 256; first++)
            Assert.Equal(first is >= 20 and <= 63, DtlsSession.IsDtls([(byte)first, 1]));
        Assert.False(DtlsSession.IsDtls([]));
    }

    public void Dispose() => _workers.Dispose();

    private (DtlsEnd Client, DtlsEnd Server) Pair(
        IReadOnlyList<SrtpSuite>? clients = null, IReadOnlyList<SrtpSuite>? servers = null,
        IReadOnlyList<DtlsFingerprint>? clientsPeer = null, IReadOnlyList<DtlsFingerprint>? serversPeer = null)
    {
        var client = new DtlsEnd(s_one, DtlsRole.Client, clientsPeer ?? [s_other.Fingerprint], _workers, clients);
        var server = new DtlsEnd(s_other, DtlsRole.Server, serversPeer ?? [s_one.Fingerprint], _workers, servers);
        client.Out = d => server.Session.Receive(d);
        server.Out = d => client.Session.Receive(d);
        return (client, server);
    }

    private static void Start(DtlsEnd client, DtlsEnd server)
    {
        server.Session.Start(DtlsSession.DefaultLimit);
        client.Session.Start(DtlsSession.DefaultLimit);
    }

    private static async Task<(DtlsKeys Client, DtlsKeys Server)> KeysAsync(DtlsEnd client, DtlsEnd server)
    {
        Start(client, server);
        Task first = await Task.WhenAny(Task.WhenAll(client.Keys, server.Keys), client.Fault, server.Fault).WaitAsync(s_longest);
        Assert.False(client.Fault.IsCompleted, client.Fault.IsCompleted ? client.Fault.Result.ToString() : "");
        Assert.False(server.Fault.IsCompleted, server.Fault.IsCompleted ? server.Fault.Result.ToString() : "");
        await first;
        return (await client.Keys, await server.Keys);
    }

    private static void Same(DtlsKeys ours, DtlsKeys theirs)
    {
        Assert.Equal(ours.Ours.Key, theirs.Peers.Key);
        Assert.Equal(ours.Ours.Salt, theirs.Peers.Salt);
        Assert.Equal(ours.Peers.Key, theirs.Ours.Key);
        Assert.Equal(ours.Peers.Salt, theirs.Ours.Salt);
        Assert.NotEqual(ours.Ours.Key, ours.Peers.Key);
    }
}
