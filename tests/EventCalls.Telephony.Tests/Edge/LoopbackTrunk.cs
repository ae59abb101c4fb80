using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Telephony.Ingress;

namespace EventCalls.Telephony.Tests;

/// <summary>A trunk on a real loopback socket, for what needs the service itself.</summary>
internal sealed class LoopbackTrunk(FakeJournal journal) : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly HashSet<string> _received = [];

    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>Calls, and waits until the call is recorded.</summary>
    public async Task<CallStarted> CallAsync(IngressService service, int number)
    {
        await InviteAsync(service, number);
        Assert.StartsWith("SIP/2.0 100", await ReceiveAsync(), StringComparison.Ordinal);
        return Assert.Single(await journal.WaitForAsync<CallStarted>(e => e.SipCallId == $"call-{number}"));
    }

    /// <summary>Sends an INVITE.</summary>
    public async Task InviteAsync(IngressService service, int number) => await _socket.SendAsync(
        Encoding.ASCII.GetBytes(
            $"INVITE sip:2@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {EndPoint};branch=z9hG4bK{number}\r\nFrom: <sip:1@a>;tag=1\r\nTo: <sip:2@b>\r\n"
            + $"Call-ID: call-{number}\r\nCSeq: 1 INVITE\r\nContact: <sip:1@{EndPoint}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"),
        service.Listening[0].EndPoint,
        CancellationToken.None);

    /// <summary>The next message but repetitions of one before.</summary>
    public async Task<string> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            string text = Encoding.ASCII.GetString((await _socket.ReceiveAsync(limit.Token)).Buffer);
            if (_received.Add(text))
                return text;
        }
    }

    /// <summary>A handoff that rejects the call.</summary>
    public static HandoffRequested Reject(CallStarted started, int status) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = DateTimeOffset.UnixEpoch,
        Node = started.Node,
        HandoffId = Guid.CreateVersion7(),
        Steps = [new Handoff { Method = HandoffMethod.Reject, Status = status }],
        RequestedBy = Requester.Router,
    };

    public void Dispose() => _socket.Dispose();
}
