using EventCalls.Contracts;

namespace EventCalls.Store.Steering;

/// <summary>Sets what <c>conv.Config</c> answers, within what is possible, whoever asks for it: the API, the page, the shell.</summary>
/// <param name="record">Where it is kept.</param>
/// <param name="time">The clock.</param>
public sealed class ValueSetting(IValueRecord record, TimeProvider time)
{
    // With each decision all values go to what decides.
    private const int MostValues = 100;
    private const int LongestName = 64;
    private const int LongestValue = 1_000;
    private const int LongestNote = 500;

    /// <summary>What holds now, and the number of the last change.</summary>
    public async Task<OperatorValues> NowAsync(CancellationToken cancellationToken) => (await record.ReadValuesAsync(-1, cancellationToken).ConfigureAwait(false))!;

    /// <summary>What is set, by name: for each value the change by which it is so.</summary>
    public async Task<IReadOnlyList<ValueChange>> ListAsync(CancellationToken cancellationToken)
    {
        var set = new List<ValueChange>();
        foreach (string name in (await NowAsync(cancellationToken).ConfigureAwait(false)).Values.Keys.Order(StringComparer.Ordinal))
        {
            // It may have been taken away meanwhile.
            if (await record.ListValueChangesAsync(name, 1, cancellationToken).ConfigureAwait(false) is [{ Value: not null } last])
                set.Add(last);
        }
        return set;
    }

    /// <summary>Sets a value, or takes it away with null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it is to be; null for nothing.</param>
    /// <param name="by">Who sets it, as the audit shows it.</param>
    /// <param name="note">What whoever sets it says to it; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether anything changed: what is asked for a second time is on record once.</returns>
    /// <exception cref="ValueRefusedException">It cannot be that.</exception>
    public async Task<bool> SetAsync(string name, string? value, string by, string? note, CancellationToken cancellationToken)
    {
        Check(name, value, note);
        while (true)
        {
            var now = await NowAsync(cancellationToken).ConfigureAwait(false);
            if (now.Values.GetValueOrDefault(name) == value)
                return false;
            if (value is not null && !now.Values.ContainsKey(name) && now.Values.Count >= MostValues)
                throw new ValueRefusedException(null, $"{MostValues} values are set; take one away first.");
            var change = new ValueChange { Number = now.Number + 1, Name = name, Value = value, By = by, At = time.GetUtcNow(), Note = note };
            if (await record.TryChangeValueAsync(change, cancellationToken).ConfigureAwait(false))
                return true;
        }
    }

    private static void Check(string name, string? value, string? note)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            throw new ValueRefusedException("name", $"'{PlainText.Of(name)}' is no name of a value: 1 to {LongestName} letters, digits, '_', '.' and '-'.");
        if (value?.Length > LongestValue || value?.Contains('\0') == true)
            throw new ValueRefusedException("value", $"value: at most {LongestValue} characters, without NUL, are possible; what is larger belongs into a table (Routing:Lookups).");
        if (note?.Length > LongestNote || note?.Contains('\0') == true)
            throw new ValueRefusedException("note", $"note: at most {LongestNote} characters, without NUL, are possible.");
    }
}

/// <summary>A value cannot be set so; the message says why.</summary>
/// <param name="property">What of it cannot be: <c>name</c>, <c>value</c> or <c>note</c>; null when too many are set.</param>
/// <param name="message">Why not.</param>
public sealed class ValueRefusedException(string? property, string message) : Exception(message)
{
    /// <summary>What of it cannot be; null when too many are set.</summary>
    public string? Property => property;
}
