using EventCalls.Media.Relay;

namespace EventCalls.Media.Sessions;

/// <summary>The ports that a node's media may use: pairs of an even one and the next. From any thread.</summary>
/// <param name="first">The first.</param>
/// <param name="last">The last.</param>
public sealed class MediaPorts(int first, int last)
{
    /// <summary>How many pairs are in use.</summary>
    public int Taken => Range.Taken;

    /// <summary>How many pairs there are.</summary>
    public int Count => Range.Count;

    internal PortRange Range { get; } = new(first, last);
}
