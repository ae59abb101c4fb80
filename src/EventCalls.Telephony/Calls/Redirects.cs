namespace EventCalls.Telephony.Calls;

/// <summary>The 3xx of one step's targets that are followed: their Contacts, the best first, none twice (RFC 3261 §8.1.3.4).</summary>
internal sealed class Redirects
{
    private const int MostContacts = 16;

    // Made when a 3xx is followed: most steps never see one.
    private LinkedList<string>? _untried;
    private HashSet<string>? _tried;
    private int _limit = -1;
    private int _followed;

    /// <summary>The Contact that is tried; null as long as it is the step's own target.</summary>
    public string? Current { get; private set; }

    /// <summary>Whether a Contact is left to try.</summary>
    public bool HasMore => _untried is { Count: > 0 };

    /// <summary>Keeps the Contacts of a 3xx; false when none of them is to be tried.</summary>
    /// <param name="from">The URI that was answered so.</param>
    /// <param name="contacts">The Contacts, best first.</param>
    /// <param name="limit">How many 3xx the step's own endpoint lets be followed; what the first one's says holds for all.</param>
    public bool TryFollow(string from, IReadOnlyList<string> contacts, int limit)
    {
        if (_limit < 0)
            _limit = limit;
        if (_followed >= _limit)
            return false;
        _untried ??= new LinkedList<string>();
        _tried ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        _tried.Add(from);
        var last = (LinkedListNode<string>?)null;
        foreach (string contact in contacts)
        {
            // Who was promised encryption is not sent elsewhere without it (RFC 3261 §8.1.3.4).
            if (IsSips(from) && !IsSips(contact))
                continue;
            if (_tried.Count > MostContacts || !_tried.Add(contact))
                continue;
            // What this target names goes before what those before it have named.
            last = last is null ? _untried.AddFirst(contact) : _untried.AddAfter(last, contact);
        }
        if (last is null)
            return false;
        _followed++;
        return true;
    }

    /// <summary>Goes on to the next Contact.</summary>
    public void MoveNext()
    {
        Current = _untried!.First!.Value;
        _untried.RemoveFirst();
    }

    private static bool IsSips(string uri) => uri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase);
}
