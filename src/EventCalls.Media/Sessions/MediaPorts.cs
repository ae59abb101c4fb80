using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EventCalls.Media.Relay;

namespace EventCalls.Media.Sessions;

/// <summary>The ports that a node's media may use: pairs of an even one and the next. From any thread.</summary>
/// <param name="first">The first.</param>
/// <param name="last">The last.</param>
public sealed class MediaPorts(int first, int last)
{
    private const int Least = 1024;

    /// <summary>How many pairs are in use.</summary>
    public int Taken => Range.Taken;

    /// <summary>How many pairs there are.</summary>
    public int Count => Range.Count;

    internal PortRange Range { get; } = new(first, last);

    /// <summary>Reads <c>first-last</c>; false when that is no range with at least one pair of ports from 1024 to 65535.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MediaPorts? ports)
    {
        ports = null;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0
            || !ushort.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            || !ushort.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort last)
            || first < Least || first + (first & 1) + 1 > last)
            return false;
        ports = new MediaPorts(first, last);
        return true;
    }
}
