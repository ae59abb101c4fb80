using EventCalls.Media.Relay;

namespace EventCalls.Media.Sessions;

/// <summary>What is changed of the formats of one stream of a description.</summary>
internal sealed class FormatChange
{
    /// <summary>The numbers that are left out, with what is said of them.</summary>
    public List<int> Dropped { get; } = [];

    /// <summary>What is put before those that stay.</summary>
    public List<(int Type, PayloadFormat Format)> InFront { get; } = [];

    /// <summary>What is put behind them.</summary>
    public List<(int Type, PayloadFormat Format)> Behind { get; } = [];

    /// <summary>All that is added.</summary>
    public IEnumerable<(int Type, PayloadFormat Format)> Added => InFront.Concat(Behind);

    /// <summary>Whether nothing is changed.</summary>
    public bool IsEmpty => Dropped.Count == 0 && InFront.Count == 0 && Behind.Count == 0;
}
