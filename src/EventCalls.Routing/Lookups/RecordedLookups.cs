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
        // A call makes a handful of look-ups: a scan costs less than a dictionary per replayed call.
        for (int i = _answers.Count - 1; i >= 0; i--)
        {
            if (_answers[i].Name == name && _answers[i].Key == key)
            {
                value = _answers[i].Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public string Refusal(string name, string key) =>
        $"The look-up '{name}' of '{key}' was not made when the call was recorded, so its answer then is not known.";
}
