using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

public class BadInput(BadInput.TightService service) : IClassFixture<BadInput.TightService>
{
    private const int Datagrams = 100_000;
    private const int StreamMessages = 20_000;

    // A leak of half a kilobyte a message would show.
    private const long Growth = 48L << 20;

    // Transactions of messages that got through live for 64·T1 (RFC 3261 §17.2.1, §17.2.2).
    private static readonly TimeSpan s_transactionsEnd = TimeSpan.FromSeconds(36);

    [Fact]
    [Trait("RFC", "3261 §18.3")]
    public async Task A_hundred_thousand_bad_datagrams_leave_it_as_it_was()
    {
        // The first round brings the program to its working size; the second must not add to it.
        long before = await MemoryAfterAsync(new Mutation(seed: 1));
        long after = await MemoryAfterAsync(new Mutation(seed: 2));
        if (after >= before + Growth)
        {
            // The collector may take the room that its limit leaves it once; a leak grows again.
            before = after;
            after = await MemoryAfterAsync(new Mutation(seed: 4));
        }
        Assert.True(after < before + Growth, $"Memory grew from {before >> 20} to {after >> 20} MiB.");
    }

    [Fact]
    [Trait("RFC", "3261 §18.3")]
    public async Task Bad_streams_end_their_own_connection_and_nothing_else()
    {
        await GoodCallAsync("t1");
        var mutation = new Mutation(seed: 3);
        int sent = 0;
        while (sent < StreamMessages)
            sent += await SendStreamAsync(mutation, Math.Min(50, StreamMessages - sent));

        await GoodCallAsync("t1");
        await GoodCallAsync();
        Assert.False(service.Process.Exited.IsCompleted, service.Process.Describe());
    }

    [Fact]
    public async Task Connections_that_say_nothing_or_half_a_message_do_not_stop_the_others()
    {
        var open = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                // One source has a limit of its own, so that it takes nothing away from the others.
                var client = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                open.Add(client);
                await client.ConnectAsync("127.0.0.1", service.Settings.SipPort);
                try
                {
                    if (i % 2 == 0)
                        await client.GetStream().WriteAsync("INVITE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/T"u8.ToArray());
                }
                catch (IOException)
                {
                    // Above its limit.
                }
            }

            await GoodCallAsync("t1");
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }
    }

    private async Task GoodCallAsync(string transport = "u1")
    {
        var (_, call) = await service.CallToTheEndAsync("refer-answered", "refer", transport);
        Assert.Equal(["refer answered"], call.Outcomes);
    }

    private async Task<long> MemoryAfterAsync(Mutation mutation)
    {
        await SendDatagramsAsync(mutation, Datagrams);
        await GoodCallAsync();
        await Task.Delay(s_transactionsEnd);
        await GoodCallAsync();
        Assert.False(service.Process.Exited.IsCompleted, service.Process.Describe());
        return service.Process.ResidentBytes();
    }

    // Every few messages a good OPTIONS must be answered: so all of them were taken, and none was lost in a full socket buffer.
    private async Task SendDatagramsAsync(Mutation mutation, int count)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Client.ReceiveBufferSize = 1 << 22;
        socket.Connect("127.0.0.1", service.Settings.SipPort);
        var local = socket.Client.LocalEndPoint!.ToString()!;
        for (int sent = 1; sent <= count; sent++)
        {
            await socket.SendAsync(mutation.Next(local));
            if (sent % 40 == 0 || sent == count)
                await PingAsync(socket, local, sent);
        }
    }

    private async Task PingAsync(UdpClient socket, string local, int number)
    {
        var callId = $"ping-{Guid.NewGuid():N}";
        var options = Options("UDP", local, callId, number);
        for (int tries = 0; tries < 20; tries++)
        {
            await socket.SendAsync(options);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                while (true)
                {
                    var received = await socket.ReceiveAsync(limit.Token);
                    if (Encoding.Latin1.GetString(received.Buffer).Contains(callId, StringComparison.Ordinal))
                        return;
                }
            }
            catch (OperationCanceledException)
            {
                Assert.False(service.Process.Exited.IsCompleted, service.Process.Describe());
            }
        }

        Assert.Fail($"OPTIONS is no longer answered after {number} messages.\n{service.Process.Describe()}");
    }

    private async Task<int> SendStreamAsync(Mutation mutation, int count)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", service.Settings.SipPort);
        var stream = client.GetStream();
        var local = client.Client.LocalEndPoint!.ToString()!;
        // What comes back is read and thrown away, so that neither side waits for the other.
        var drained = stream.CopyToAsync(Stream.Null);
        int sent = 0;
        try
        {
            for (; sent < count; sent++)
                await stream.WriteAsync(mutation.Next(local));
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // The framing was beyond repair and the other side has closed: the next connection goes on.
            sent++;
        }

        try
        {
            await drained.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            Assert.False(e is TimeoutException && service.Process.Exited.IsCompleted, service.Process.Describe());
        }

        return sent;
    }

    private static byte[] Options(string transport, string local, string callId, int number) => Encoding.ASCII.GetBytes($"""
        OPTIONS sip:127.0.0.1 SIP/2.0
        Via: SIP/2.0/{transport} {local};branch=z9hG4bK-{callId};rport
        From: <sip:ping@{local}>;tag=p{number}
        To: <sip:127.0.0.1>
        Call-ID: {callId}
        CSeq: 1 OPTIONS
        Max-Forwards: 70
        Content-Length: 0


        """.ReplaceLineEndings("\r\n"));

    /// <summary>With little room for garbage its memory says what is in use: a leak is a growing one, or the end of the process.</summary>
    public sealed class TightService : EmbeddedService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) =>
            settings with { Variables = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0xC000000" } };
    }
}
