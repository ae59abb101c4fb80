using System.Net.Sockets;
using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <summary>One side of a session at an rtpengine.</summary>
/// <param name="tag">What it is called there.</param>
/// <param name="asked">How its media is to be protected, where we describe the session to it first; what its peer asks for first is done.</param>
/// <param name="family">The family of the address that it is told.</param>
public sealed class RtpengineSide(string tag, MediaProtection asked, AddressFamily family)
{
    /// <summary>What it is called at the engine.</summary>
    public string Tag { get; } = tag;

    internal MediaProtection Asked { get; } = asked;

    /// <summary>Whether it is this node, between the two: whoever is told of it is not told in truth, and keeps what it has.</summary>
    internal bool IsHere { get; init; }

    internal AddressFamily Family { get; } = family;

    /// <summary>Which formats it is told beside those of the other side.</summary>
    internal FormatTerms Formats { get; } = new();
}
