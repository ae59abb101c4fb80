namespace EventCalls.Contracts;

/// <summary>What moved of one side's audio through the node, when that side left or the call ended. Published by media.</summary>
public sealed record MediaStatistics : CallEvent
{
    /// <summary>Whose: <c>caller</c> or <c>target</c>.</summary>
    public required string Leg { get; init; }

    /// <summary>The codec of what it sent last, such as <c>PCMA</c>; null when nothing came, or its description does not say.</summary>
    public string? Codec { get; init; }

    /// <summary>How many packets came from it.</summary>
    public required long Received { get; init; }

    /// <summary>How many that it sent did not come (RFC 3550 A.3).</summary>
    public required long Lost { get; init; }

    /// <summary>How uneven they came at the end, milliseconds (RFC 3550 A.8).</summary>
    public double? JitterMs { get; init; }

    /// <summary>How well it could be heard, 1.0–4.5, estimated of codec, loss and jitter (RFC 3611 §4.7.5); null when nothing came.</summary>
    public double? Mos { get; init; }

    /// <summary>How many packets were sent to it.</summary>
    public required long Sent { get; init; }

    /// <summary>How many datagrams of others than it came to its ports, and were ignored.</summary>
    public long Ignored { get; init; }
}
