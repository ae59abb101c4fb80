using EventCalls.Contracts;

namespace EventCalls.Store.Keeping;

/// <summary>What becomes of calls that ended long ago; a role of the store. Streams and the <c>calls</c> projection change in one transaction.</summary>
/// <remarks>
/// A call that has not ended, or that is not there, is passed over. What was counted of a call stays counted.
/// Nothing is kept of which calls were erased: should a broker deliver all events of one once more, from its start on, it is a call again.
/// Every member throws <see cref="StoreUnreachableException"/> when the store cannot be used now.
/// </remarks>
public interface ICallKeeping
{
    /// <summary>Takes the calls out of lists, searches and replays; who names one, or asks for archived ones, still gets them.</summary>
    /// <returns>How many were archived now; one that is archived already does not count.</returns>
    Task<int> ArchiveAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Takes out of the calls' events who called and what was said about them: see <see cref="CallMask"/>.</summary>
    /// <returns>How many were masked now; one that is masked already does not count.</returns>
    Task<int> MaskAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes the calls with all their events, for ever.</summary>
    /// <returns>How many were erased.</returns>
    Task<int> EraseAsync(IReadOnlyList<Guid> calls, CancellationToken cancellationToken);
}

/// <summary>What is done with a call that is kept no longer as it is.</summary>
public enum KeepingAction
{
    /// <summary>It is taken out of lists and replays.</summary>
    Archive,

    /// <summary>Who called is taken out of it.</summary>
    Mask,

    /// <summary>It is deleted.</summary>
    Erase,
}

/// <summary>A rule of how long calls are kept.</summary>
/// <param name="Age">How long after its start a call is kept as it is.</param>
/// <param name="Action">What is done then.</param>
/// <param name="Trunk">Only calls of this trunk; null for all.</param>
/// <param name="Outcome">Only calls whose last transfer came to this; null for all.</param>
public sealed record RetentionRule(TimeSpan Age, KeepingAction Action, string? Trunk = null, TransferOutcome? Outcome = null)
{
    /// <summary>Reads a rule as it is configured: <c>erase 90d</c>, <c>mask 30d trunk=carrier outcome=busy</c>.</summary>
    /// <returns>The rule; null when the text is none.</returns>
    public static RetentionRule? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 2 || !Enum.TryParse<KeepingAction>(words[0], ignoreCase: true, out var action) || int.TryParse(words[0], out _) || ParseAge(words[1]) is not { } age)
            return null;
        var rule = new RetentionRule(age, action);
        foreach (string word in words[2..])
        {
            if (word.StartsWith("trunk=", StringComparison.Ordinal) && word.Length > 6 && rule.Trunk is null)
                rule = rule with { Trunk = word[6..] };
            else if (word.StartsWith("outcome=", StringComparison.Ordinal) && WireName.TryParse(word[8..], out TransferOutcome outcome) && rule.Outcome is null)
                rule = rule with { Outcome = outcome };
            else
                return null;
        }
        return rule;
    }

    /// <summary>Reads an age: <c>90d</c>, or <c>12h</c>; null when it is none, or less than an hour.</summary>
    public static TimeSpan? ParseAge(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 1 && int.TryParse(text[..^1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) && number is > 0 and < 100_000
            ? text[^1] switch
            {
                'd' => TimeSpan.FromDays(number),
                'h' => TimeSpan.FromHours(number),
                _ => null,
            }
            : null;
    }

    /// <summary>The calls that are due.</summary>
    public CallQuery Due(DateTimeOffset now) => new()
    {
        To = now - Age,
        Trunk = Trunk,
        Outcome = Outcome,
        Ended = true,
        Archived = Action == KeepingAction.Archive ? false : null,
        Masked = Action == KeepingAction.Mask ? false : null,
    };
}
