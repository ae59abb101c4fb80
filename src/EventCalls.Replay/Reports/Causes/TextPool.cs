namespace EventCalls.Replay.Reports.Causes;

/// <summary>Keeps texts that come again and again once; at most so many.</summary>
internal sealed class TextPool(int most)
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text, the one that is kept where there is one.</summary>
    public string Of(string text)
    {
        if (_texts.TryGetValue(text, out var kept))
            return kept;
        if (_texts.Count < most)
            _texts.Add(text);
        return text;
    }
}
