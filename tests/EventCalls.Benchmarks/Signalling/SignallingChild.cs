using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Extensions.Reliable;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Benchmarks.Signalling;

/// <summary><c>signalling-child</c>: a process with the SIP of a node and nothing else: what is to be recorded is confirmed at once and forgotten, and every call is decided in place.</summary>
internal static class SignallingChild
{
    public const string Command = "signalling-child";

    /// <summary>Answers calls itself (<c>answer</c>), or hands them to the target (<c>invite</c>, <c>refer</c>), with all extensions of SIP that calls have or none; says the port it listens at, and ends with its input.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var what, var target, SignallingRun.All or SignallingRun.None])
            return 2;
        if (what == "answer")
        {
            using var agent = new SipPeer();
            await System.Console.Out.WriteLineAsync(agent.Port.ToString(CultureInfo.InvariantCulture));
            await System.Console.In.ReadLineAsync();
            return 0;
        }
        var decided = new Decided(what == "invite"
            ? new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+12222222", OutboundEndpoint = "target" }
            : new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@127.0.0.1", PhoneNumber = "+12222222" });
        var options = new TelephonyOptions
        {
            Node = "signalling",
            Listen = ["udp:127.0.0.1:0"],
            Trunks = [new TrunkOptions { Name = "carrier", From = ["127.0.0.0/8"] }, new TrunkOptions { Name = "target", To = [$"sip:127.0.0.1:{target}"] }],
        };
        await using var ingress = new IngressService(
            args[2] == SignallingRun.All ? options : Bare(options),
            decided,
            decided,
            TimeProvider.System,
            NullLogger<IngressService>.Instance);
        decided.Ingress = ingress;
        await ingress.StartAsync(CancellationToken.None);
        await System.Console.Out.WriteLineAsync(ingress.Listening[0].EndPoint.Port.ToString(CultureInfo.InvariantCulture));
        await System.Console.In.ReadLineAsync();
        return 0;
    }

    /// <summary>Without any extension but the REFER that is sent.</summary>
    private static TelephonyOptions Bare(TelephonyOptions options) => options with
    {
        Extensions = [ReferExtension.Sent],
        Trunks = [.. options.Trunks.Select(static t => t with { SessionTimer = 0, Reliable = ReliableUse.Off })],
    };

    /// <summary>Takes events without keeping them, and has each call handed off as soon as it has begun.</summary>
    private sealed class Decided(Handoff step) : ICallJournal, INodeMessages
    {
        public IngressService? Ingress { get; set; }

        public int Backlog => 0;

        public void Append(JournalEntry entry)
        {
            var first = entry.Events[0];
            entry.Confirmed();
            if (first is not CallStarted started)
                return;
            Ingress!.Take(new EventStamp(Guid.CreateVersion7(), started.CallId, started.EventId, started.OccurredAt).On(new HandoffRequested
            {
                Node = started.Node,
                HandoffId = Guid.CreateVersion7(),
                Steps = [step],
                RequestedBy = Requester.Router,
            }));
        }

        public Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task TellAsync(TrunkEvent e, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task SendAsync(RerouteCall command, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
