using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Testing;
using EventCalls.Testing.Fuzzing;

namespace EventCalls.Interop.Tests;

/// <summary>
/// Mutated messages with the right tags in calls that are up, over real sockets, UDP and TCP, beside a call that is talked on: what the tests in virtual time
/// (<c>LiveFuzzTests</c>) show of the calls, shown of the sockets and the whole program. <c>EVENTCALLS_SEED</c> plays other cases, <c>EVENTCALLS_FUZZ_CASES</c> more of them.
/// </summary>
public sealed partial class LiveFuzz(LiveFuzz.Service service) : IClassFixture<LiveFuzz.Service>
{
    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_SEED"), out int seed) ? seed : 1;
    private static readonly int s_cases = int.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_FUZZ_CASES"), out int cases) ? cases : 120;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    [Trait("RFC", "3261 §16.3, §18.3")]
    public async Task Mutated_messages_within_calls_harm_no_other_call_and_every_call_ends(string transport)
    {
        var mutator = new Mutator(s_seed);
        var fuzz = new InDialogFuzz(mutator);
        using var good = new SipPeer();
        var watched = await good.CallAsync(service.Settings.SipPort, "bridge");
        await UntilAsync(() => good.DoAsync(() => watched.State == LegState.Confirmed), "the watched call is up");
        int taken = 0;
        for (int i = 0; i < s_cases; i++)
        {
            using var caller = await FuzzCaller.ConnectAsync(transport, service.Settings.SipPort, $"fuzz-{transport}-{i}");
            if (await caller.CallAsync() is not { } dialog)
                continue;
            taken++;
            for (int sent = 1 + mutator.Random.Next(6); sent > 0; sent--)
                await caller.SendAsync(fuzz.Spoiled(fuzz.Next(dialog, $"sip:second@127.0.0.1:{service.Settings.SecondPort}")));
            // A stream that is out of step is closed; who called says goodbye over another one.
            using var again = await FuzzCaller.ConnectAsync(transport, service.Settings.SipPort, dialog.CallId);
            await again.SendAsync(Encoding.ASCII.GetBytes(dialog.Request("BYE", int.MaxValue)));
            if (i % 20 == 0)
                await AssertUnharmedAsync(good, watched);
        }
        Assert.Equal(s_cases, taken);
        await AssertUnharmedAsync(good, watched);
        await good.DoAsync(() => { watched.Bye(); return 0; });
        await UntilAsync(
            async () =>
            {
                // What a REFER has connected, and what a number that was too high keeps from hanging up, others end.
                await HangUpAsync(service.Target);
                await HangUpAsync(service.Second);
                return (await service.Process.ExportAsync()).All(s => s.IsEnded);
            },
            "every call has ended");
        var streams = await service.Process.ExportAsync();
        Assert.DoesNotContain(streams, s => s.Ended["cause"] == "error");
        Assert.Equal("hung_up", streams.Single(s => s.Only("call_started")["sipCallId"] == watched.CallId).Ended["cause"]);
        Assert.False(service.Process.Exited.IsCompleted, service.Process.Describe());
        Assert.DoesNotMatch(Failure(), service.Process.Describe());
    }

    private static Task<int> HangUpAsync(SipPeer peer) => peer.DoAsync(() =>
    {
        foreach (var leg in peer.Handler.Incoming)
            leg.Bye();
        return peer.Handler.Incoming.RemoveAll(l => l.State == LegState.Ended);
    });

    private static async Task AssertUnharmedAsync(SipPeer peer, OutgoingLeg leg)
    {
        int before = await peer.DoAsync(() => Answers(peer));
        await peer.DoAsync(() => leg.Request(SipMethod.Info, new Content("text/plain", "still there"u8.ToArray()), null, peer.Handler));
        await UntilAsync(() => peer.DoAsync(() => Answers(peer) > before), "the watched call is answered");
    }

    private static int Answers(SipPeer peer) => peer.Handler.Log.Count(l => l == "Info 200");

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"It does not come to it that {what}.");
            await Task.Delay(20);
        }
    }

    [GeneratedRegex(@"Z (fail|crit|error): |Exception", RegexOptions.CultureInvariant)]
    private static partial Regex Failure();

    public sealed class Service : EmbeddedService
    {
        internal SipPeer Target { get; } = new();

        internal SipPeer Second { get; } = new();

        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            TargetPort = Target.Port,
            SecondPort = Second.Port,
            // Each stream that is out of step is closed, and its caller comes again.
            More = new Dictionary<string, string> { ["Sip__Tcp__MaxConnectionsPerSource"] = "1024" },
        };

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Target.Dispose();
            Second.Dispose();
        }
    }

    /// <summary>A caller without a stack: what it sends is what goes out.</summary>
    private sealed class FuzzCaller : IDisposable
    {
        private readonly Socket _socket;
        private readonly string _transport;
        private readonly string _callId;
        private readonly int _port;

        private FuzzCaller(Socket socket, string transport, int port, string callId) => (_socket, _transport, _port, _callId) = (socket, transport, port, callId);

        public static async Task<FuzzCaller> ConnectAsync(string transport, int port, string callId)
        {
            var socket = transport == "UDP"
                ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
                : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            return new FuzzCaller(socket, transport, port, callId);
        }

        /// <summary>Calls, and acknowledges the answer; null when there was none.</summary>
        public async Task<FuzzedDialog?> CallAsync()
        {
            var dialog = new FuzzedDialog(_callId, "fuzz", null, $"{_socket.LocalEndPoint}", $"sip:bridge@127.0.0.1:{_port}", _transport);
            await SendAsync(Encoding.ASCII.GetBytes(dialog.Request("INVITE", 1, "Content-Type: application/sdp\r\n", InDialogFuzz.Session)));
            var heard = new StringBuilder();
            var buffer = new byte[65_536];
            using var limit = new CancellationTokenSource(s_patience);
            while (!limit.IsCancellationRequested)
            {
                int read = await _socket.ReceiveAsync(buffer, limit.Token);
                if (read == 0)
                    return null;
                heard.Append(Encoding.UTF8.GetString(buffer, 0, read));
                string text = heard.ToString();
                int at = text.IndexOf("SIP/2.0 200", StringComparison.Ordinal);
                if (at < 0 || text.IndexOf("\r\n\r\n", at, StringComparison.Ordinal) < 0)
                    continue;
                dialog = dialog with { RemoteTag = Regex.Match(text[at..], @"^To:.*;tag=(\S+?)\r?$", RegexOptions.Multiline).Groups[1].Value };
                await SendAsync(Encoding.ASCII.GetBytes(dialog.Request("ACK", 1)));
                return dialog;
            }
            return null;
        }

        public async Task SendAsync(byte[] bytes)
        {
            try
            {
                // An empty datagram is none.
                if (bytes.Length > 0)
                    await _socket.SendAsync(bytes);
            }
            catch (SocketException)
            {
                // Closed for what came before, or too large for a datagram.
            }
        }

        public void Dispose() => _socket.Dispose();
    }
}
