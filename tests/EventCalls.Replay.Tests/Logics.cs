using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Replay.Tests;

/// <summary>Compiles logic for tests, and replays calls with it.</summary>
internal static class Logics
{
    /// <summary>The candidate's and the baseline's starting point: flows, state, headers, fallbacks, and another flow after a failure.</summary>
    public const string Support = """
        public sealed class Line : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["tier"] = conv.SipHeaders["X-Tier"];
                conv.State.Set("count", 1);
                return conv.CallerNumber == "+15550001" ? conv.GotoFlow("vip") : conv.GotoFlow("general");
            }

            public override Decision TransferFailed(Conversation conv)
            {
                conv.State.Set("count", conv.State.Get<int>("count") + 1);
                return conv.LastTransfer!.Outcome == TransferOutcome.Busy && conv.Flow != "voicemail" ? conv.GotoFlow("voicemail") : base.TransferFailed(conv);
            }

            [Flow("vip")]
            public Decision Vip(Conversation conv) =>
                Handoff.Invite("+4900", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
                    .WithHeader("X-Tier", conv.State["tier"])
                    .OrElse(Handoff.Refer("sip:support@example.com"));

            [Flow("general")]
            public Decision General(Conversation conv) => Handoff.Invite("+4100", outboundEndpoint: "pstn");

            [Flow("voicemail")]
            public Decision Voicemail(Conversation conv) => Handoff.Invite("+4800", outboundEndpoint: "pstn");
        }
        """;

    public static CompiledLogic Compile(string source)
    {
        var check = LogicCompiler.Compile([new LogicSource("line.cs", source)]);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        return check.Logic!;
    }

    /// <summary>A class with this <c>Start</c>.</summary>
    public static string Start(string body) => $$"""
        public sealed class Line : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                {{body}}
            }
        }
        """;

    public static async Task<List<ReplayedCall>> ReplayAsync(CompiledLogic candidate, IEnumerable<CallHistory> calls, ReplayOptions? options = null)
    {
        using var replayer = new Replayer(candidate, options ?? new ReplayOptions { Threads = 2 }, TimeProvider.System);
        return await ReplayAsync(replayer, calls);
    }

    public static async Task<List<ReplayedCall>> ReplayAsync(Replayer replayer, IEnumerable<CallHistory> calls)
    {
        var replayed = new List<ReplayedCall>();
        await foreach (var call in replayer.RunAsync(calls.ToAsyncEnumerable(), CancellationToken.None))
            replayed.Add(call);
        return replayed;
    }

    public static async Task<ReplayedCall> ReplayAsync(CompiledLogic candidate, CallHistory call, ReplayOptions? options = null) =>
        Assert.Single(await ReplayAsync(candidate, [call], options));
}
