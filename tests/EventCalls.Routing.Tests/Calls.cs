using EventCalls.Contracts;

namespace EventCalls.Routing.Tests;

/// <summary>Calls for tests.</summary>
internal static class Calls
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static CallStarted Started(string caller = "+15551234567", string callee = "+15557654321", params SipHeader[] headers) => new()
    {
        EventId = new Guid("0198c0de-0000-7000-8000-000000000001"),
        CallId = new Guid("0198c0de-0000-7000-8000-0000000000ff"),
        CausationId = Guid.Empty,
        OccurredAt = Noon,
        Node = "edge-1",
        Trunk = "carrier",
        Transport = "udp",
        RemoteEndPoint = "127.0.0.1:5070",
        SipCallId = "abc@127.0.0.1",
        RequestUri = $"sip:{callee}@127.0.0.1",
        CallerNumber = caller,
        CalleeNumber = callee,
        Headers = headers.Length > 0 ? headers :
        [
            new SipHeader("Via", "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1"),
            new SipHeader("Via", "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK0"),
            new SipHeader("f", $"<sip:{caller}@127.0.0.1>;tag=1"),
            new SipHeader("To", $"<sip:{callee}@127.0.0.1>"),
            new SipHeader("X-Tier", "gold"),
        ],
    };

    public static FlowSelected Selected(CallStarted started, string flow = "vip_support") => new()
    {
        EventId = new Guid("0198c0de-0000-7000-8000-000000000002"),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = Noon.AddMilliseconds(1),
        Flow = flow,
        State = new Dictionary<string, System.Text.Json.JsonElement>
        {
            ["tries"] = System.Text.Json.JsonSerializer.SerializeToElement(1),
        },
        LogicVersion = "sha256:0",
        DecisionMicroseconds = 5,
        DecidedBy = "test",
    };

    public static TransferFailed Failed(CallStarted started, TransferOutcome outcome, int? status = null) => new()
    {
        EventId = new Guid("0198c0de-0000-7000-8000-000000000003"),
        CallId = started.CallId,
        CausationId = new Guid("0198c0de-0000-7000-8000-000000000002"),
        OccurredAt = Noon.AddSeconds(20),
        HandoffId = new Guid("0198c0de-0000-7000-8000-000000000004"),
        Attempt = 2,
        Method = HandoffMethod.Invite,
        Outcome = outcome,
        Evidence = new SipEvidence { Source = "response", Status = status, ReasonPhrase = "as it came" },
        Final = true,
    };

    public static RerouteCall Reroute(TransferOutcome outcome, int? status = null)
    {
        var started = Started();
        return new RerouteCall
        {
            Started = started,
            Selected = Selected(started),
            Failed = Failed(started, outcome, status),
            Target = "sip:+12222222@pstn.example",
            CallerAnswered = false,
        };
    }

    /// <summary>Two who talk, one of whom a command sends to a flow.</summary>
    public static RerouteCall Steered(string flow)
    {
        var started = Started();
        return new RerouteCall
        {
            Started = started,
            Selected = Selected(started),
            Command = new CommandTaken
            {
                EventId = Guid.CreateVersion7(),
                CallId = started.CallId,
                CausationId = started.EventId,
                OccurredAt = Noon.AddSeconds(30),
                CommandId = Guid.CreateVersion7(),
                Kind = CommandKind.Flow,
                By = "wallboard",
                Flow = flow,
            },
            Target = "sip:+12222222@pstn.example",
            CallerAnswered = true,
        };
    }
}
