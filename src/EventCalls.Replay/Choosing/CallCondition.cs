using System.Diagnostics.CodeAnalysis;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Choosing;

/// <summary>A condition on a field or a SIP header of a call: its value, or with <c>*</c> at the end how the value begins.</summary>
public sealed class CallCondition
{
    private static readonly (string Name, Func<CallRow, CallStarted, string?> Value)[] s_fields =
    [
        ("caller", (_, started) => started.CallerNumber),
        ("callee", (_, started) => started.CalleeNumber),
        ("trunk", (_, started) => started.Trunk),
        ("node", (_, started) => started.Node),
        ("transport", (_, started) => started.Transport),
        ("remote", (_, started) => started.RemoteEndPoint),
        ("request_uri", (_, started) => started.RequestUri),
        ("sip_call_id", (_, started) => started.SipCallId),
        ("flow", (row, _) => row.Flow),
        ("handoff", (row, _) => row.Handoff is { } method ? WireName.Of(method) : null),
        ("target", (row, _) => row.Target),
        ("logic_version", (row, _) => row.LogicVersion),
        ("hour", (_, started) => started.OccurredAt.UtcDateTime.Hour.ToString("00", System.Globalization.CultureInfo.InvariantCulture)),
        ("weekday", (_, started) => started.OccurredAt.UtcDateTime.DayOfWeek.ToString().ToLowerInvariant()),
    ];

    private readonly string _name;
    private readonly string _pattern;
    private readonly Func<string?, bool> _isMatch;
    private readonly Func<CallRow, CallStarted, string?>? _value;

    private CallCondition(string name, string pattern, Func<CallRow, CallStarted, string?>? value)
    {
        _name = name;
        _pattern = pattern;
        _value = value;
        string prefix = pattern.EndsWith('*') ? pattern[..^1] : pattern;
        _isMatch = pattern.EndsWith('*')
            ? text => text?.StartsWith(prefix, StringComparison.Ordinal) == true
            : text => (text ?? "") == pattern;
    }

    /// <summary>The fields that can be asked for; besides them <c>header.NAME</c>.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. s_fields.Select(f => f.Name)];

    /// <summary>A condition on a header of the INVITE: one of its values has to match; compact names mean the same.</summary>
    public static CallCondition Header(string name, string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(pattern);
        return new CallCondition(name, pattern, null);
    }

    /// <summary>A condition on a field; false for a field there is not.</summary>
    public static bool TryField(string field, string pattern, [NotNullWhen(true)] out CallCondition? condition)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(pattern);
        const string HeaderField = "header.";
        condition = null;
        if (field.StartsWith(HeaderField, StringComparison.Ordinal) && field.Length > HeaderField.Length)
            condition = Header(field[HeaderField.Length..], pattern);
        else if (Array.Find(s_fields, f => f.Name == field) is { Value: { } value })
            condition = new CallCondition(field, pattern, value);
        return condition is not null;
    }

    /// <summary>Whether the call meets it.</summary>
    public bool IsMet(CallRow row, CallStarted started)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(started);
        if (_value is not null)
            return _isMatch(_value(row, started));
        foreach (var header in started.Headers)
        {
            if (Routing.SipHeaderFields.AreSame(header.Name, _name) && _isMatch(header.Value))
                return true;
        }
        return false;
    }

    /// <summary>For people: <c>header X-Tier = gold</c>.</summary>
    public override string ToString() => _value is null ? $"header {_name} = {_pattern}" : $"{_name} = {_pattern}";
}
