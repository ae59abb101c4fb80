using System.Net;
using EventCalls.Media.Relay;
using Microsoft.Extensions.Logging;

namespace EventCalls.Media.Sessions;

/// <summary>Moves the media of one SIP shard's calls, on a thread of its own.</summary>
/// <remarks>Legs that may be connected with each other are on one shard, and so on one thread here.</remarks>
public sealed class MediaRelay : IDisposable
{
    private readonly Lazy<RelayThread> _thread;

    /// <summary>A relay; its thread begins with the first leg.</summary>
    /// <param name="number">The number of its shard.</param>
    /// <param name="ports">The ports of the node.</param>
    /// <param name="silenceMs">After how long without any media a leg that should send is reported, milliseconds; 0 for never.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public MediaRelay(int number, MediaPorts ports, long silenceMs, TimeProvider time, ILogger logger)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Media is anchored on Linux only: set Media:Mode to direct.");
        Ports = ports.Range;
        Dtls = new RelayDtls(work => Thread.Post(work), time);
        _thread = new Lazy<RelayThread>(() => new RelayThread(number, silenceMs, time, logger));
    }

    internal RelayDtls Dtls { get; }

    internal PortRange Ports { get; }

    internal RelayThread Thread => _thread.Value;

    /// <summary>How many legs' media goes through here; from any thread.</summary>
    public int Legs => _thread.IsValueCreated ? Thread.Legs : 0;

    /// <summary>A leg without open ports.</summary>
    /// <param name="bound">The address its ports are bound to.</param>
    /// <param name="shown">The address that is written into descriptions for it.</param>
    /// <param name="onSilent">Called, on the relay's thread, when its peer should send and sends nothing for as long as is allowed.</param>
    /// <param name="onDigit">Called there with each digit that the peer has pressed in its audio (RFC 4733), and how long, milliseconds.</param>
    /// <param name="asked">How its media is to be protected, where we describe the session first; what its peer asks for first is done.</param>
    public MediaLeg Open(IPAddress bound, IPAddress shown, Action? onSilent = null, Action<char, int>? onDigit = null, MediaProtection asked = MediaProtection.None) =>
        new(this, bound, shown, onSilent, onDigit, asked);

    /// <inheritdoc />
    public void Dispose()
    {
        if (_thread.IsValueCreated)
            Thread.Dispose();
    }
}
