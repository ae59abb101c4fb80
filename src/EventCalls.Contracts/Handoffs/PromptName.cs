namespace EventCalls.Contracts;

/// <summary>The name of a WAV file in the folder of prompts: nothing that leads out of it.</summary>
public static class PromptName
{
    private const int Longest = 100;

    /// <summary>Why a text is no such name; null when it is one.</summary>
    public static string? WhyNot(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > Longest || !text.EndsWith(".wav", StringComparison.OrdinalIgnoreCase) || text.StartsWith('.') || !text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? $"is the name of a WAV file in the folder Media:Prompts, of letters, digits, '-', '_' and '.', at most {Longest} characters, such as welcome.wav"
            : null;
    }
}
