using System.Text;

namespace EventCalls.Routing;

/// <summary>What a caller's User-to-User header says (RFC 7433 §4.1).</summary>
public sealed record UserToUser
{
    private UserToUser()
    {
    }

    /// <summary>The data as written, without quotes.</summary>
    public required string Data { get; init; }

    /// <summary>How the data is encoded, in small letters; <c>hex</c> when nothing is said (RFC 7433 §4.1).</summary>
    public string Encoding { get; init; } = "hex";

    /// <summary>What the data is for; null when nothing is said.</summary>
    public string? Purpose { get; init; }

    /// <summary>What kind of content it is; null when nothing is said.</summary>
    public string? Content { get; init; }

    /// <summary>The data as text: of hex, what it encodes in UTF-8, without the protocol discriminator 04 or 00 before it; else as written. Null when hex cannot be read.</summary>
    public string? Text
    {
        get
        {
            if (Encoding != "hex")
                return Data;
            if (Data.Length % 2 != 0 || Data.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") >= 0)
                return null;
            var bytes = Convert.FromHexString(Data).AsSpan();
            if (bytes.Length > 0 && bytes[0] is 0 or 4)
                bytes = bytes[1..];
            return System.Text.Encoding.UTF8.GetString(bytes);
        }
    }

    /// <summary>Reads the value of one header field; null when it holds no data.</summary>
    public static UserToUser? Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return null;
        var parts = Split(value);
        string data = Unquoted(parts[0]);
        if (data.Length == 0)
            return null;
        string? Parameter(string name) => parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)).Select(p => Unquoted(p[1])).FirstOrDefault();
        return new UserToUser
        {
            Data = data,
            Encoding = Parameter("encoding")?.ToLowerInvariant() ?? "hex",
            Purpose = Parameter("purpose"),
            Content = Parameter("content"),
        };
    }

    /// <summary>The value of a header that carries the text, in hex of its UTF-8.</summary>
    internal static string Of(string text, string? purpose)
    {
        string value = $"{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text))};encoding=hex";
        return purpose is null ? value : $"{value};purpose={purpose}";
    }

    private static string Unquoted(string text)
    {
        text = text.Trim();
        return text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1].Replace("\\", "", StringComparison.Ordinal) : text;
    }

    /// <summary>Splits at semicolons outside of quotes.</summary>
    private static List<string> Split(string value)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (c == '\\' && isQuoted && i + 1 < value.Length)
                part.Append(c).Append(value[++i]);
            else if (c == ';' && !isQuoted)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                isQuoted ^= c == '"';
                part.Append(c);
            }
        }
        parts.Add(part.ToString());
        return parts;
    }
}
