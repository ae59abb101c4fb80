using System.Text;

namespace EventCalls.Testing.Fuzzing;

/// <summary>Makes bad messages out of good ones, the same way for the same seed.</summary>
public sealed class Mutator(int seed)
{
    private const int MostBytes = 60_000;
    private static readonly string[] s_numbers = ["-1", "99999999999999999999", "4294967296", "4294967295", "2147483648", "0", "+5", " 7", "0x10", "1e9", ""];
    private static readonly string[] s_pieces = ["\r\n", "\r\n\r\n", "\"", "<", ">", ";", ",", "@", "%", "%00", "\0", "\\", "=", "\t", " ", "sip:", "sips:", "tel:", ";tag=", ";branch=", "Digest ", "a=inactive\r\n", "m=audio 0 RTP/AVP 0\r\n", "o=", "\u00e4\u4e2d", "SIP/2.0"];

    /// <summary>What all that is random comes from.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>One to four things are wrong with the message from then on.</summary>
    public byte[] Mutate(byte[] message)
    {
        ArgumentNullException.ThrowIfNull(message);
        for (int i = 1 + Random.Next(4); i > 0 && message.Length > 0; i--)
            message = Once(message);
        return message.Length > MostBytes ? message[..MostBytes] : message;
    }

    private byte[] Once(byte[] message) => Random.Next(10) switch
    {
        0 => FlipBits(message),
        1 => message[..Random.Next(message.Length + 1)],
        2 => ReplaceNumber(message),
        3 => Insert(message, Encoding.UTF8.GetBytes(s_pieces[Random.Next(s_pieces.Length)])),
        4 => Insert(message, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(s_pieces[Random.Next(s_pieces.Length)], Random.Next(2_000))))),
        5 => Cut(message),
        6 => Repeat(message),
        7 => Lines(message, lines => lines.RemoveAt(Random.Next(lines.Count))),
        8 => Lines(message, lines => (lines[0], lines[^1]) = (lines[Random.Next(lines.Count)], lines[Random.Next(lines.Count)])),
        _ => Lines(message, lines => lines.Insert(Random.Next(lines.Count), lines[Random.Next(lines.Count)])),
    };

    private byte[] FlipBits(byte[] message)
    {
        message = [.. message];
        for (int i = 1 + Random.Next(8); i > 0; i--)
            message[Random.Next(message.Length)] ^= (byte)(1 << Random.Next(8));
        return message;
    }

    private byte[] Insert(byte[] message, byte[] what)
    {
        int at = Random.Next(message.Length + 1);
        return [.. message.AsSpan(0, at), .. what, .. message.AsSpan(at)];
    }

    private byte[] Cut(byte[] message)
    {
        int at = Random.Next(message.Length);
        int length = Random.Next(Math.Min(40, message.Length - at) + 1);
        return [.. message.AsSpan(0, at), .. message.AsSpan(at + length)];
    }

    private byte[] Repeat(byte[] message)
    {
        int at = Random.Next(message.Length);
        int length = Random.Next(Math.Min(60, message.Length - at) + 1);
        var piece = message.AsSpan(at, length).ToArray();
        return Insert(message, [.. Enumerable.Repeat(piece, Random.Next(50)).SelectMany(p => p)]);
    }

    private byte[] ReplaceNumber(byte[] message)
    {
        var starts = Enumerable.Range(0, message.Length).Where(i => IsDigit(message[i]) && (i == 0 || !IsDigit(message[i - 1]))).ToList();
        if (starts.Count == 0)
            return message;
        int start = starts[Random.Next(starts.Count)];
        int end = start;
        while (end < message.Length && IsDigit(message[end]))
            end++;
        return [.. message.AsSpan(0, start), .. Encoding.ASCII.GetBytes(s_numbers[Random.Next(s_numbers.Length)]), .. message.AsSpan(end)];
    }

    private static byte[] Lines(byte[] message, Action<List<string>> change)
    {
        var lines = Encoding.Latin1.GetString(message).Split("\r\n").ToList();
        change(lines);
        return Encoding.Latin1.GetBytes(string.Join("\r\n", lines));
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
