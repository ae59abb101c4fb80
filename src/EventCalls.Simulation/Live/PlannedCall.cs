using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Live;

/// <summary>One call of the demo: what it brings, and what its caller saw.</summary>
/// <remarks>What was seen is written on the trunk's thread, and read when the trunk has stopped.</remarks>
public sealed class PlannedCall
{
    /// <summary>Its place among the calls, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What kind of call it is.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>The caller's number; empty when withheld.</summary>
    public required string Caller { get; init; }

    /// <summary>The From value, without tag.</summary>
    public required string From { get; init; }

    /// <summary>The headers beyond what SIP itself needs.</summary>
    public required IReadOnlyList<HeaderLine> Headers { get; init; }

    /// <summary>The caller's session.</summary>
    public required SimulatedSession Session { get; init; }

    /// <summary>Which codecs it offers.</summary>
    public required int Codecs { get; init; }

    /// <summary>How long the caller talks once connected, milliseconds.</summary>
    public required int TalkMs { get; init; }

    /// <summary>The SIP Call-ID; null as long as it was not made.</summary>
    public string? SipCallId { get; set; }

    /// <summary>The final status the caller got, 200–699; null when there was none.</summary>
    public int? SeenStatus { get; set; }
}
