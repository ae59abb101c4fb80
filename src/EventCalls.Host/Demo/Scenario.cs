using EventCalls.Sip.Messages;

namespace EventCalls.Host.Demo;

/// <summary>A kind of call: who calls whom, what both sides do, and how it must end.</summary>
internal sealed record Scenario
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The dialled number.</summary>
    public required string Callee { get; init; }

    /// <summary>The caller's number; null: any.</summary>
    public string? Caller { get; init; }

    /// <summary>Whether the caller withholds the number (RFC 3323).</summary>
    public bool IsWithheld { get; init; }

    /// <summary>Headers that the routing logic looks at.</summary>
    public IReadOnlyList<HeaderLine> Headers { get; init; } = [];

    /// <summary>What the caller's side does.</summary>
    public CallerScript Script { get; init; } = new();

    /// <summary>How it must have gone.</summary>
    public required Expectation Expected { get; init; }
}
