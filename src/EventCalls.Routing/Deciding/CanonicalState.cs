using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventCalls.Routing.Deciding;

/// <summary>A state in the one form in which logic is shown it, whatever has kept it since: names in ordinal order, JSON without spaces, each name once, numbers without an exponent.</summary>
/// <remarks>
/// A database that keeps JSON by its values orders the names of an object anew, puts spaces in, writes 1e2 as 100.
/// Logic that takes the first entry of a kept dictionary, or a kept object as text, would otherwise decide by where the call was read from.
/// </remarks>
internal static class CanonicalState
{
    // Longer numbers than any that is counted with; those stay as they are.
    private const int MostDigits = 400;
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The state in this form; the same object when it has it already.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Of(IReadOnlyDictionary<string, JsonElement> state)
    {
        if (state.Count == 0 || IsCanonical(state))
            return state;
        var written = new Dictionary<string, JsonElement>(state.Count, StringComparer.Ordinal);
        foreach (var (key, value) in state.OrderBy(x => x.Key, StringComparer.Ordinal))
            written[key] = IsPlain(value) ? value : Of(value);
        return written;
    }

    private static bool IsCanonical(IReadOnlyDictionary<string, JsonElement> state)
    {
        string? before = null;
        foreach (var (key, value) in state)
        {
            if (!IsPlain(value) || (before is not null && string.CompareOrdinal(before, key) > 0))
                return false;
            before = key;
        }
        return true;
    }

    private static bool IsPlain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array => false,
        JsonValueKind.Number => IsPlainNumber(JsonMarshal.GetRawUtf8Value(value)),
        _ => true,
    };

    private static bool IsPlainNumber(ReadOnlySpan<byte> number) => !number.ContainsAny((byte)'e', (byte)'E') && !IsMinusZero(number);

    private static bool IsMinusZero(ReadOnlySpan<byte> number) => number[0] == '-' && !number.ContainsAnyInRange((byte)'1', (byte)'9');

    private static JsonElement Of(JsonElement value)
    {
        var written = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(written, s_json);
            Write(writer, value);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape: no text, and no database of values keeps it.
            return value;
        }

        var reader = new Utf8JsonReader(written.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                // Of a name that comes twice the last counts, as for everybody who reads it.
                foreach (var member in value.EnumerateObject().Reverse().DistinctBy(m => m.Name).OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(writer, element);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value.GetRawText()), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // The digits as they are, the point moved by the exponent: 1.50e1 is 15.0, 25e-3 is 0.025.
    private static string Number(string number)
    {
        int e = number.AsSpan().IndexOfAny('e', 'E');
        if (e >= 0 && (!int.TryParse(number.AsSpan(e + 1), out int exponent) || Math.Abs((long)exponent) + e > MostDigits))
            return number;
        (string mantissa, int shift) = e < 0 ? (number, 0) : (number[..e], int.Parse(number.AsSpan(e + 1), System.Globalization.CultureInfo.InvariantCulture));
        bool isNegative = mantissa[0] == '-' && mantissa.AsSpan().ContainsAnyInRange('1', '9');
        string digits = mantissa.TrimStart('-');
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        (string whole, string fraction) = point < 0 ? (digits, "") : (digits[..point], digits[(point + 1)..]);
        string all = whole + fraction;
        int at = whole.Length + shift;
        if (at <= 0)
            (all, at) = (new string('0', 1 - at) + all, 1);
        if (at > all.Length)
            all = all.PadRight(at, '0');
        string before = all[..at].TrimStart('0');
        string after = all[at..];
        return (isNegative ? "-" : "") + (before.Length == 0 ? "0" : before) + (after.Length == 0 ? "" : "." + after);
    }
}
