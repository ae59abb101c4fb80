using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The conversation's state, once a command has changed it: what was changed while a decision was on its way is changed in what that decision leaves too.</summary>
internal sealed class ChangedState
{
    private readonly Dictionary<string, JsonElement> _sinceAsked = new(StringComparer.Ordinal);

    /// <summary>The state; null when it is that of the last decision.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Now { get; private set; }

    /// <summary>A command changes it.</summary>
    public void Change(FlowSelected? last, IReadOnlyDictionary<string, JsonElement> changes)
    {
        Now = StateChanged.After(Now ?? last?.State, changes);
        foreach (var (key, value) in changes)
            _sinceAsked[key] = value;
    }

    /// <summary>The routers are asked, and told the state as it is.</summary>
    public void OnAsked() => _sinceAsked.Clear();

    /// <summary>A decision was taken that did not know of what was changed since it was asked for.</summary>
    public void OnDecided(FlowSelected selected) => Now = _sinceAsked.Count == 0 ? null : StateChanged.After(selected.State, _sinceAsked);
}
