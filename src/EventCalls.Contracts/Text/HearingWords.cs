namespace EventCalls.Contracts;

/// <summary>Says in a word how well somebody could be heard.</summary>
public static class HearingWords
{
    // Where ITU-T G.107 Annex B has its users very satisfied, satisfied, some of them dissatisfied, many of them dissatisfied.
    private static readonly (double From, string Word)[] s_words = [(4.34, "very good"), (4.03, "good"), (3.60, "fair"), (3.10, "poor")];

    /// <summary>The word for an estimated MOS, 1.0–4.5.</summary>
    public static string Of(double mos) => Array.Find(s_words, w => Math.Round(mos, 2) >= w.From).Word ?? "bad";
}
