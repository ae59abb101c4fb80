namespace EventCalls.Import.Calls;

/// <summary>The dialogs that are not over yet, or were only just: by Call-ID, and by when they are to be closed. What is held is bounded.</summary>
internal sealed class OpenDialogs(Action<CapturedDialog> close)
{
    /// <summary>How many may be open; beyond that the one whose turn to be looked at is next is closed.</summary>
    public const int Most = 50_000;

    // A report or a repetition may still come after the end (Timer B and F are 32 s).
    private static readonly TimeSpan s_afterEnd = TimeSpan.FromSeconds(33);
    // So often each is looked at: what is over is handed out, and what was handed out is no longer held.
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_unanswered = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_answered = TimeSpan.FromHours(12);

    private readonly Dictionary<string, List<CapturedDialog>> _byCallId = new(StringComparer.Ordinal);
    private readonly PriorityQueue<CapturedDialog, DateTimeOffset> _byDue = new();

    private int _count;

    /// <summary>How many calls were closed because there were too many.</summary>
    public long Displaced { get; private set; }

    /// <summary>The dialogs of a Call-ID.</summary>
    public IReadOnlyList<CapturedDialog> Of(string callId) => _byCallId.TryGetValue(callId, out var dialogs) ? dialogs : [];

    /// <summary>Takes a new dialog in.</summary>
    public void Add(CapturedDialog dialog)
    {
        if (!_byCallId.TryGetValue(dialog.CallId, out var dialogs))
            _byCallId.Add(dialog.CallId, dialogs = new List<CapturedDialog>(1));
        dialogs.Add(dialog);
        _byDue.Enqueue(dialog, dialog.LastAt + s_between);
        _count++;
        while (_count > Most && _byDue.TryDequeue(out var next, out _))
        {
            if (next.IsClosed)
                continue;
            Displaced++;
            Close(next);
        }
    }

    /// <summary>Closes a dialog with all that belongs to it.</summary>
    public void Close(CapturedDialog dialog)
    {
        var call = dialog.Call ?? dialog;
        if (call.IsClosed)
            return;
        foreach (var part in call.Parts.Append(call))
        {
            part.IsClosed = true;
            _count--;
            if (_byCallId.TryGetValue(part.CallId, out var dialogs) && dialogs.Remove(part) && dialogs.Count == 0)
                _byCallId.Remove(part.CallId);
        }
        close(call);
        // The queue may hold it for a little longer, but nothing that it holds.
        foreach (var part in call.Parts)
            part.Legs.Clear();
        call.Legs.Clear();
        call.Parts.Clear();
    }

    /// <summary>Closes what is due.</summary>
    public void Advance(DateTimeOffset now)
    {
        while (_byDue.TryPeek(out var dialog, out var due) && due <= now)
        {
            _byDue.Dequeue();
            if (dialog.IsClosed)
                continue;
            // What belongs to a call is closed with it.
            var really = Due(dialog.Call ?? dialog);
            if (really <= now)
                Close(dialog);
            else
                _byDue.Enqueue(dialog, really < now + s_between ? really : now + s_between);
        }
    }

    /// <summary>What is open, the oldest first.</summary>
    public IReadOnlyList<CapturedDialog> All =>
        [.. _byDue.UnorderedItems.Select(item => item.Element).Where(d => !d.IsClosed).OrderBy(d => d.Legs[0].InvitedAt)];

    private static DateTimeOffset Due(CapturedDialog dialog)
    {
        var last = dialog.LastAt;
        foreach (var part in dialog.Parts)
        {
            if (part.LastAt > last)
                last = part.LastAt;
        }
        return last + (dialog.IsOver ? s_afterEnd : dialog.Legs[0].AnsweredAt is null ? s_unanswered : s_answered);
    }
}
