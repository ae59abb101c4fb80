using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Tests;

/// <summary>Routing logic for tests.</summary>
internal static class Logics
{
    /// <summary>The sample of the design, unchanged.</summary>
    public const string Sample = """
        public sealed class SupportLine : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["caller_id"] = conv.SipHeaders["From"] ?? "Unknown";
                conv.State["branch"] = conv.CalleeNumber == "+15557654321" ? "North Branch" : "South Branch";
                return conv.CallerNumber == "+15551234567" ? conv.GotoFlow("vip_support") : conv.GotoFlow("general_support");
            }

            [Flow("vip_support")]
            public Decision VipSupport(Conversation conv) =>
                Handoff.Invite("+12222222", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
                    .WithHeader("X-Customer-ID", conv.State["customer_id"])
                    .OrElse(Handoff.Refer("sip:support@example.com"));
        }
        """;

    public static LogicCheck Compile(params string[] texts) =>
        LogicCompiler.Compile([.. texts.Select((t, i) => new LogicSource(i == 0 ? "logic.cs" : $"logic{i}.cs", t))]);

    public static CompiledLogic Load(params string[] texts)
    {
        var check = Compile(texts);
        Assert.True(check.Ok, string.Join("\n", check.Diagnostics));
        return check.Logic!;
    }

    /// <summary>Logic whose <c>Start</c> has this body.</summary>
    public static string Start(string body, string members = "") => $$"""
        public sealed class Line : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                {{body}}
            }

            {{members}}
        }
        """;

    public static DecisionResult Decide(string text, CallStarted? started = null, DecideOptions? options = null)
    {
        using var logic = Load(text);
        return Decider.Decide(logic, DecisionRequest.For(started ?? Calls.Started()), options ?? new DecideOptions());
    }
}
