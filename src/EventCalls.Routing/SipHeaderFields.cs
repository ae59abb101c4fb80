using System.Collections;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Contracts.Reading;

namespace EventCalls.Routing;

/// <summary>The header fields of the caller's INVITE, in order. Names are case-insensitive and compact forms (RFC 3261 §7.3.3) mean the same.</summary>
public sealed class SipHeaderFields : IReadOnlyList<SipHeader>
{
    private readonly IReadOnlyList<SipHeader> _fields;
    private readonly List<ConversationRead>? _reads;

    internal SipHeaderFields(IReadOnlyList<SipHeader> fields, List<ConversationRead>? reads)
    {
        _fields = fields;
        _reads = reads;
    }

    /// <summary>The first value of a header; null when it is absent.</summary>
    public string? this[string name]
    {
        get
        {
            string? value = Find(name);
            _reads?.Add(new ConversationRead($"sip_headers.{name}", value));
            return value;
        }
    }

    /// <summary>The field at a position.</summary>
    public SipHeader this[int index] => _fields[index];

    /// <summary>How many fields there are.</summary>
    public int Count => _fields.Count;

    /// <summary>All values of a header, in order; empty when it is absent.</summary>
    public IReadOnlyList<string> All(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        List<string>? found = null;
        foreach (var field in _fields)
        {
            if (Is(field.Name, canonical))
                (found ??= []).Add(field.Value);
        }

        _reads?.Add(new ConversationRead($"sip_headers.{name}", found is null ? null : string.Join(", ", found)));
        return found ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Whether two header names mean the same header: compared without case, compact forms known.</summary>
    public static bool AreSame(string name, string other)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(other);
        return Is(name, SipHeaderNames.Canonical(other));
    }

    /// <summary>Whether a header is there.</summary>
    public bool Contains(string name) => this[name] is not null;

    /// <inheritdoc/>
    public IEnumerator<SipHeader> GetEnumerator()
    {
        _reads?.Add(new ConversationRead("sip_headers", $"{_fields.Count} fields"));
        return _fields.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string? Find(string name)
    {
        var canonical = SipHeaderNames.Canonical(name);
        if (_fields is PackedHeaders packed)
            return Find(packed, canonical);
        for (int i = 0; i < _fields.Count; i++)
        {
            if (Is(_fields[i].Name, canonical))
                return _fields[i].Value;
        }

        return null;
    }

    // The one that logic asks for becomes a text, the others mostly never.
    private static string? Find(PackedHeaders packed, string canonical)
    {
        var fields = packed.Look();
        while (fields.Next())
        {
            var name = fields.Name;
            if (name.Length == 1 ? Is(Encoding.UTF8.GetString(name), canonical)
                : Ascii.IsValid(name) ? Ascii.EqualsIgnoreCase(name, canonical)
                : Encoding.UTF8.GetString(name).Equals(canonical, StringComparison.OrdinalIgnoreCase))
                return fields.Value;
        }

        return null;
    }

    private static bool Is(string name, string canonical) =>
        name.Length == 1
            ? canonical.Equals(SipHeaderNames.Canonical(name), StringComparison.OrdinalIgnoreCase)
            : name.Equals(canonical, StringComparison.OrdinalIgnoreCase);
}
