using EventCalls.Contracts;

namespace EventCalls.Telephony.Tests;

/// <summary>A journal that confirms at once, when told to, or never.</summary>
internal sealed class FakeJournal : ICallJournal
{
    private readonly List<JournalEntry> _waiting = [];
    private readonly List<CallEvent> _events = [];
    private readonly SemaphoreSlim _appended = new(0);

    /// <summary>Whether entries are confirmed as soon as they come.</summary>
    public bool ConfirmsAtOnce { get; set; } = true;

    /// <summary>Everything appended, in order; a copy, as shards append on threads of their own.</summary>
    public List<CallEvent> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    /// <summary>Called with each event before it is taken; may throw.</summary>
    public Action<CallEvent>? Appending { get; set; }

    /// <inheritdoc />
    public int Backlog { get; set; }

    /// <inheritdoc />
    public bool IsFull { get; set; }

    /// <inheritdoc />
    public void Append(JournalEntry entry)
    {
        foreach (var e in entry.Events)
        {
            Appending?.Invoke(e);
            lock (_events)
                _events.Add(e);
        }
        _appended.Release();
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

    /// <summary>The events of a kind, once there is one.</summary>
    public async Task<List<T>> WaitForAsync<T>(Func<T, bool> which)
        where T : CallEvent
    {
        while (true)
        {
            var found = Events.OfType<T>().Where(which).ToList();
            if (found.Count > 0)
                return found;
            Assert.True(await _appended.WaitAsync(TimeSpan.FromSeconds(20)), $"no {typeof(T).Name} in time");
        }
    }

    /// <summary>Confirms what waits, the first of it first.</summary>
    public void Confirm(int most = int.MaxValue)
    {
        var waiting = _waiting.Take(most).ToArray();
        _waiting.RemoveRange(0, waiting.Length);
        foreach (var entry in waiting)
            entry.Confirmed();
    }
}
