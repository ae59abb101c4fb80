using EventCalls.Contracts;

namespace EventCalls.Console.Tests;

/// <summary>A call whose media went through a node, with what a recording is marked by.</summary>
internal static class RecordedMediaCall
{
    public const string Location = "/var/lib/eventcalls/recordings/2026/11/22/call.wav";
    public const int Seconds = 12;

    public static SampleCall Of(int number = 1, params CallEvent[] media)
    {
        var call = new SampleCall(number).Decided("vip_support", new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+12222222", OutboundEndpoint = "pstn", Reason = "vip" })
            .Attempt(1, HandoffMethod.Invite, "sip:+12222222@198.51.100.7", "pstn").After(900).Progress(1, "response", 180, "SIP/2.0 180 Ringing")
            .After(2100).Answered("target").Answered("caller").Completed(1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" });
        var begin = call.Last.OccurredAt;
        call.After(3000).Then(new DtmfReceived
        {
            EventId = default,
            CallId = default,
            CausationId = default,
            OccurredAt = default,
            Leg = "caller",
            Digit = "5",
            DurationMs = 120
        })
            .After(9000);
        foreach (var e in media)
            call.Then(e is RecordingStored stored ? stored with { StartedAt = begin } : e);
        return call.Ended(CallParty.Caller, CallEndCause.HungUp);
    }

    public static RecordingStored Stored(string location = Location) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        Location = location,
        DurationMs = Seconds * 1000,
        Bytes = 384_044,
        PausedMs = 0,
        Dropped = 0,
    };

    public static MediaStatistics Statistics(string leg, double? mos, long lost = 0) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        Leg = leg,
        Codec = "PCMA",
        Received = 600,
        Lost = lost,
        JitterMs = 1.4,
        Mos = mos,
        Sent = 598,
        Ignored = 2,
    };
}
