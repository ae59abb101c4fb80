using System.Text;

namespace EventCalls.Simulation.Sipp;

/// <summary>Recorded text as it can stand in a SIPp scenario, where brackets mean keywords.</summary>
internal static class SippText
{
    /// <summary>The text with what SIPp would act on written as <c>\xNN</c>.</summary>
    public static string Of(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isEscape = c == '\\' && i + 1 < text.Length && text[i + 1] is ('x' or 'X');
            if (c is '[' or ']' || isEscape)
                result.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                result.Append(char.IsControl(c) ? ' ' : c);
        }
        return result.ToString();
    }

    /// <summary>The lines of a body.</summary>
    public static IEnumerable<string> Lines(string body) =>
        body.Split('\n').Select(line => Of(line.TrimEnd('\r'))).Where(line => line.Length > 0);
}
