using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Media.Ice;

/// <summary>Our part of ICE for one stream: we are reachable where we say, so we answer whoever checks and look for nothing (RFC 8445 §2.5). For one thread at a time; no allocation.</summary>
internal sealed class IceLite
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private readonly byte[] _expected;
    private readonly byte[] _password;
    private uint _priority;

    /// <summary>Credentials of ours for a peer.</summary>
    /// <param name="peer">The peer's user name fragment.</param>
    public IceLite(string peer)
    {
        Peer = peer;
        User = RandomNumberGenerator.GetString(Letters, 8);
        Password = RandomNumberGenerator.GetString(Letters, 24);
        _expected = Encoding.ASCII.GetBytes($"{User}:{peer}");
        _password = Encoding.ASCII.GetBytes(Password);
    }

    /// <summary>The peer's user name fragment; another one begins anew (RFC 8445 §9).</summary>
    public string Peer { get; }

    /// <summary>Our user name fragment.</summary>
    public string User { get; }

    /// <summary>Our password.</summary>
    public string Password { get; }

    /// <summary>Answers a check; the length of the answer, or 0 for what is not the peer's.</summary>
    /// <param name="datagram">The check.</param>
    /// <param name="address">Where it came from: the address, 4 or 16 bytes.</param>
    /// <param name="port">And the port.</param>
    /// <param name="answer">Room for <see cref="StunAnswer.MostBytes"/>.</param>
    /// <param name="isChosen">Whether media is to go there from now on.</param>
    public int Answer(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> address, ushort port, Span<byte> answer, out bool isChosen)
    {
        isChosen = false;
        if (!StunRequest.TryParse(datagram, out var request) || !request.UserName.SequenceEqual(_expected) || !request.IsOf(_password))
            return 0;
        // Who nominates all that works means the one it likes best (RFC 8445 §8.1.1, RFC 5245 §8.1.1.2).
        isChosen = request.IsNominated && request.Priority >= _priority;
        if (isChosen)
            _priority = request.Priority;
        return StunAnswer.Write(answer, request.Transaction, address, port, _password);
    }
}
