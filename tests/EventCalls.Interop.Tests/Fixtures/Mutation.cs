using System.Globalization;
using System.Text;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>Makes bad SIP out of good SIP, the same way for the same seed.</summary>
internal sealed class Mutation(int seed)
{
    private const string Separators = "<>\";,:@\r\n\t %()";
    private static readonly string[] s_numbers = ["-1", "99999999999999999999", "4294967296", "2147483648", "0", "+5", " 7", "0x10", "1e9", ""];
    private static readonly string[] s_names = ["Via", "CSeq", "Content-Length", "Max-Forwards", "Contact", "To", "From", "Call-ID", "Route", "Expires"];
    private readonly Random _random = new(seed);
    private int _made;

    /// <summary>The next bad message.</summary>
    public byte[] Next(string localAddress)
    {
        int number = _made++;
        var text = Template(number, localAddress);
        var bytes = Encoding.UTF8.GetBytes(text);
        return _random.Next(12) switch
        {
            0 => FlipBits(bytes),
            1 => bytes[.._random.Next(bytes.Length)],
            2 => ReplaceNumber(text),
            3 => HugeHeader(text),
            4 => Insert(bytes, new byte[1 + _random.Next(8)]),
            5 => Insert(bytes, [0xC3, 0x28, 0xF0, 0x80, 0x80, 0xFF, 0xFE]),
            6 => WrongLength(text),
            7 => Repeat(text),
            8 => Without(text),
            9 => Insert(bytes, Encoding.ASCII.GetBytes(new string(Separators[_random.Next(Separators.Length)], 1 + _random.Next(300)))),
            10 => Noise(),
            _ => FlipBits(bytes[.._random.Next(1, bytes.Length)]),
        };
    }

    private string Template(int number, string local)
    {
        var callId = $"mutated-{seed}-{number}@127.0.0.1";
        var head = $"""
            Via: SIP/2.0/UDP {local};branch=z9hG4bK-{seed}-{number};rport
            From: "Someone" <sip:+15550002222@{local}>;tag=m{number}
            To: <sip:reject_486@127.0.0.1>
            Call-ID: {callId}
            Max-Forwards: 70
            Contact: <sip:+15550002222@{local}>

            """;
        var body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
        string[] methods = ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REFER", "NOTIFY", "UPDATE", "INFO", "PRACK"];
        var method = methods[_random.Next(methods.Length)];
        var message = _random.Next(4) switch
        {
            0 => $"SIP/2.0 {100 + _random.Next(600)} Whatever\n{head}CSeq: 1 {method}\nContent-Length: 0\n\n",
            1 => $"{method} sip:reject_486@127.0.0.1 SIP/2.0\n{head}CSeq: 1 {method}\nContent-Length: 0\n\n",
            2 => $"NOTIFY sip:127.0.0.1 SIP/2.0\n{head}CSeq: 2 NOTIFY\nEvent: refer\nSubscription-State: active;expires=60\nContent-Type: message/sipfrag\nContent-Length: 20\n\nSIP/2.0 180 Ringing\n",
            _ => $"INVITE sip:reject_486@127.0.0.1 SIP/2.0\n{head}CSeq: 1 INVITE\nContent-Type: application/sdp\nContent-Length: {body.Length}\n\n",
        };
        message = message.ReplaceLineEndings("\r\n");
        return message.Contains("application/sdp", StringComparison.Ordinal) ? message + body : message;
    }

    private byte[] FlipBits(byte[] bytes)
    {
        bytes = [.. bytes];
        for (int i = 1 + _random.Next(10); i > 0 && bytes.Length > 0; i--)
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        return bytes;
    }

    private byte[] Insert(byte[] bytes, byte[] what)
    {
        int at = _random.Next(bytes.Length);
        return [.. bytes.AsSpan(0, at), .. what, .. bytes.AsSpan(at)];
    }

    private byte[] ReplaceNumber(string text)
    {
        var starts = Enumerable.Range(1, text.Length - 1).Where(i => char.IsAsciiDigit(text[i]) && !char.IsAsciiDigit(text[i - 1])).ToList();
        int start = starts[_random.Next(starts.Count)];
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return Encoding.UTF8.GetBytes(text[..start] + s_numbers[_random.Next(s_numbers.Length)] + text[end..]);
    }

    // With the rest this stays within a datagram, 65,507 bytes.
    private byte[] HugeHeader(string text)
    {
        var name = _random.Next(2) == 0 ? s_names[_random.Next(s_names.Length)] : "X-Huge";
        return WithLine(text, $"{name}: {new string((char)('!' + _random.Next(90)), 1 + _random.Next(64_000))}");
    }

    private byte[] WrongLength(string text)
    {
        int at = text.IndexOf("Content-Length: ", StringComparison.Ordinal) + "Content-Length: ".Length;
        int end = text.IndexOf('\r', at);
        var length = _random.Next(3) == 0
            ? s_numbers[_random.Next(s_numbers.Length)]
            : _random.Next(70_000).ToString(CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(text[..at] + length + text[end..]);
    }

    private byte[] Repeat(string text)
    {
        var lines = text.Split("\r\n");
        var line = lines[_random.Next(lines.Length)];
        return WithLine(text, string.Join("\r\n", Enumerable.Repeat(line, 1 + _random.Next(200))));
    }

    private byte[] Without(string text)
    {
        var lines = text.Split("\r\n").ToList();
        lines.RemoveAt(_random.Next(lines.Count));
        return Encoding.UTF8.GetBytes(string.Join("\r\n", lines));
    }

    private byte[] Noise()
    {
        var bytes = new byte[1 + _random.Next(2000)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] WithLine(string text, string line)
    {
        int at = text.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        return Encoding.UTF8.GetBytes(text[..at] + line + "\r\n" + text[at..]);
    }
}
