namespace EventCalls.Import.Calls;

/// <summary>Finds open dialogs by what they have in common with others.</summary>
internal sealed class DialogIndex
{
    // A key that so many calls have at once tells none of them apart.
    private const int MostOfOneKey = 64;

    private readonly Dictionary<string, List<CapturedDialog>> _byKey = new(StringComparer.Ordinal);

    /// <summary>The dialogs that have a key, the oldest first.</summary>
    public IReadOnlyList<CapturedDialog> Find(string key) => _byKey.TryGetValue(key, out var found) ? found : [];

    /// <summary>Makes a dialog findable by a key.</summary>
    public void Add(CapturedDialog dialog, string key)
    {
        if (!_byKey.TryGetValue(key, out var dialogs))
            _byKey.Add(key, dialogs = new List<CapturedDialog>(1));
        if (dialogs.Count >= MostOfOneKey || dialogs.Contains(dialog))
            return;
        dialogs.Add(dialog);
        dialog.Keys.Add(key);
    }

    /// <summary>Forgets a dialog.</summary>
    public void Remove(CapturedDialog dialog)
    {
        foreach (string key in dialog.Keys)
        {
            if (_byKey.TryGetValue(key, out var dialogs) && dialogs.Remove(dialog) && dialogs.Count == 0)
                _byKey.Remove(key);
        }
        dialog.Keys.Clear();
    }
}
