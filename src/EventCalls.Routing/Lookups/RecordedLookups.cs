using EventCalls.Contracts;

namespace EventCalls.Routing.Lookups;

/// <summary>The answers recorded with a past call; what was not asked then is not answered.</summary>
public sealed class RecordedLookups : IPortableLookups
{
    private readonly IReadOnlyList<LookupAnswer> _answers;

    /// <param name="answers">As recorded, of one call; of answers to the same question the last one counts.</param>
    public RecordedLookups(IReadOnlyList<LookupAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        _answers = answers;
    }

    /// <inheritdoc/>
    public IReadOnlyList<LookupAnswer> Recorded => _answers;

    /// <inheritdoc/>
    public LookupTables? Tables => null;

    /// <inheritdoc/>
    public bool TryFind(string name, string key, out string? value)
    {
        var answer = Find(name, key);
        value = answer?.Value;
        return answer is { Refusal: null };
    }

    /// <inheritdoc/>
    public bool Refuses(string name, string key) => Find(name, key)?.Refusal is not null;

    /// <inheritdoc/>
    public string Refusal(string name, string key) =>
        Find(name, key)?.Refusal ?? $"The look-up '{name}' of '{key}' was not made when the call was recorded, so its answer then is not known.";

    // A call makes a handful of look-ups: a scan costs less than a dictionary per replayed call.
    private LookupAnswer? Find(string name, string key)
    {
        for (int i = _answers.Count - 1; i >= 0; i--)
        {
            if (_answers[i].Name == name && _answers[i].Key == key)
                return _answers[i];
        }

        return null;
    }
}
