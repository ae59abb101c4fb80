using EventCalls.Contracts;

namespace EventCalls.Telephony.Tests;

/// <summary>A journal that confirms at once, when told to, or never.</summary>
internal sealed class FakeJournal : ICallJournal
{
    private readonly List<JournalEntry> _waiting = [];

    /// <summary>Whether entries are confirmed as soon as they come.</summary>
    public bool ConfirmsAtOnce { get; set; } = true;

    /// <summary>Everything appended, in order.</summary>
    public List<CallEvent> Events { get; } = [];

    /// <summary>Called with each event before it is taken; may throw.</summary>
    public Action<CallEvent>? Appending { get; set; }

    /// <inheritdoc />
    public int Backlog { get; set; }

    /// <inheritdoc />
    public void Append(JournalEntry entry)
    {
        foreach (var e in entry.Events)
        {
            Appending?.Invoke(e);
            Events.Add(e);
        }
        if (ConfirmsAtOnce)
            entry.Confirmed();
        else
            _waiting.Add(entry);
    }

    /// <inheritdoc />
    public Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        Append(new JournalEntry([.. events]));
        return Task.CompletedTask;
    }

    /// <summary>Confirms all that waits.</summary>
    public void Confirm()
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var entry in waiting)
            entry.Confirmed();
    }
}
