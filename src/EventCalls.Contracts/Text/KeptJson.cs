using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace EventCalls.Contracts;

/// <summary>JSON from outside that becomes part of an event: only what every writer, store and reader of events can take.</summary>
/// <remarks>
/// A parser lets more through than can be kept: bytes that are no UTF-8, halves of surrogate pairs as escapes, numbers that no database has. An event with such a
/// value cannot be written, and without it nothing that follows in its call could be stored.
/// </remarks>
public static class KeptJson
{
    /// <summary>The most characters of a number.</summary>
    public const int MaxNumber = 500;

    /// <summary>What cannot be kept, beginning with the name of the member it stands in, or with <c>body</c>; null when all can.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="maxDepth">How deep it may be.</param>
    /// <exception cref="JsonException">It is no JSON, or too deep.</exception>
    public static string? Problem(ReadOnlySpan<byte> utf8, int maxDepth = 64)
    {
        if (!Utf8.IsValid(utf8))
            return "body: it has bytes that are no UTF-8; encode texts as UTF-8.";
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        string name = "body";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when HasHalfPair(reader.ValueSpan):
                    return $"{name}: the name of a member has half a surrogate pair as an escape (\\ud800 to \\udfff); write the whole character.";
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    break;
                case JsonTokenType.String when HasHalfPair(reader.ValueSpan):
                    return $"{name}: the text has half a surrogate pair as an escape (\\ud800 to \\udfff); write the whole character.";
                case JsonTokenType.Number when !CanBeKept(reader.ValueSpan):
                    return $"{name}: the number cannot be kept; at most {MaxNumber} characters, and the range of double precision (about 1e-308 to 1e308) are possible.";
            }
        }

        return null;
    }

    private static bool HasHalfPair(ReadOnlySpan<byte> escaped)
    {
        bool isPairOpen = false;
        int at = Math.Max(escaped.IndexOf((byte)'\\'), 0);
        while (at < escaped.Length)
        {
            int code = escaped[at] == '\\' && escaped[at + 1] == 'u' ? Code(escaped.Slice(at + 2, 4)) : -1;
            if (char.IsLowSurrogate((char)Math.Max(code, 0)) != isPairOpen)
                return true;
            isPairOpen = code >= 0 && char.IsHighSurrogate((char)code);
            at += code >= 0 ? 6 : escaped[at] == '\\' ? 2 : 1;
        }

        return isPairOpen;
    }

    private static int Code(ReadOnlySpan<byte> hex) =>
        Utf8Parser.TryParse(hex, out ushort code, out int used, 'x') && used == hex.Length ? code : -1;

    // What is not zero and too small for a double would be zero for most who read it, and jsonb refuses it.
    private static bool CanBeKept(ReadOnlySpan<byte> number) =>
        number.Length <= MaxNumber
        && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value)
        && (value != 0 || !HasDigitAboveZero(number));

    private static bool HasDigitAboveZero(ReadOnlySpan<byte> number)
    {
        int exponent = number.IndexOfAny((byte)'e', (byte)'E');
        return (exponent < 0 ? number : number[..exponent]).ContainsAnyInRange((byte)'1', (byte)'9');
    }
}
