using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>One parameter of a handoff: its names, which methods have it, and how it is got and set.</summary>
/// <remarks>What reads, writes, compares and describes handoffs goes over these, so that none forgets one. <see cref="HandoffFields.All"/> has them all.</remarks>
public sealed class HandoffField
{
    private static readonly object s_true = true;
    private static readonly object s_false = false;

    private readonly HandoffMethod[] _methods;
    private readonly Func<Handoff, string?>? _text;
    private readonly Func<Handoff, int?>? _number;
    private readonly Func<Handoff, bool?>? _flag;
    private readonly Func<Handoff, IReadOnlyList<string>?>? _texts;
    private readonly Func<Handoff, IReadOnlyList<SipHeader>>? _headers;
    private readonly Action<Handoff, object?> _set;

    internal HandoffField(string name, string property, Func<Handoff, string?> get, HandoffMethod[] methods)
        : this(name, property, HandoffValue.Text, methods) => _text = get;

    internal HandoffField(string name, string property, Func<Handoff, int?> get, HandoffMethod[] methods)
        : this(name, property, HandoffValue.Number, methods) => _number = get;

    internal HandoffField(string name, string property, Func<Handoff, bool?> get, HandoffMethod[] methods)
        : this(name, property, HandoffValue.Flag, methods) => _flag = get;

    internal HandoffField(string name, string property, Func<Handoff, IReadOnlyList<string>?> get, HandoffMethod[] methods)
        : this(name, property, HandoffValue.Texts, methods) => _texts = get;

    internal HandoffField(string name, string property, Func<Handoff, IReadOnlyList<SipHeader>> get, HandoffMethod[] methods)
        : this(name, property, HandoffValue.Headers, methods) => _headers = get;

    // A getter is asked some forty times a decision: a lambda costs half of what a delegate made of the property does.
    private HandoffField(string name, string property, HandoffValue kind, HandoffMethod[] methods)
    {
        (Name, Kind, _methods) = (name, kind, methods);
        StoredName = JsonNamingPolicy.CamelCase.ConvertName(property);
        var set = typeof(Handoff).GetProperty(property)!.SetMethod!;
        _set = kind switch
        {
            HandoffValue.Text => Setter<string>(set),
            HandoffValue.Number => Setter<int?>(set),
            HandoffValue.Flag => Setter<bool?>(set),
            HandoffValue.Texts => Setter<IReadOnlyList<string>>(set),
            _ => Setter<IReadOnlyList<SipHeader>>(set),
        };
    }

    /// <summary>Its name in the JSON of a decision.</summary>
    public string Name { get; }

    /// <summary>Its name in the JSON of an event.</summary>
    public string StoredName { get; }

    /// <summary>Its name where decisions are compared.</summary>
    public string ComparedAs { get => field ?? Name; internal init; }

    /// <summary>What its value is.</summary>
    public HandoffValue Kind { get; }

    /// <summary>The least number that is possible.</summary>
    public int Least { get; internal init; } = int.MinValue;

    /// <summary>The greatest number that is possible.</summary>
    public int Greatest { get; internal init; } = int.MaxValue;

    /// <summary>The texts that are possible; empty where any is.</summary>
    public IReadOnlyList<string> Words { get; internal init; } = [];

    /// <summary>What a number counts, with a space before it: <c> s</c>; empty for nothing.</summary>
    public string Unit { get; internal init; } = "";

    /// <summary>The method that cannot do without it; null for none.</summary>
    public HandoffMethod? RequiredBy { get; internal init; }

    /// <summary>Whether it says where the call goes: then its place in a comparison is the target's.</summary>
    public bool IsTarget { get; internal init; }

    /// <summary>Whether an empty text is the same as none.</summary>
    public bool EmptyIsNone { get; internal init; }

    /// <summary>Whether a call that was imported says nothing of it, so that nothing of it can differ from what was.</summary>
    public bool IsUnseen { get; internal init; }

    /// <summary>Whether steps of the method have it.</summary>
    public bool IsOf(HandoffMethod method) => Array.IndexOf(_methods, method) >= 0;

    /// <summary>Its value: a string, an <see cref="int"/>, a <see cref="bool"/>, a list of strings or of <see cref="SipHeader"/>; null where the step has none.</summary>
    public object? Of(Handoff step) => Kind switch
    {
        HandoffValue.Text => Text(step),
        HandoffValue.Number => Number(step),
        HandoffValue.Flag => Flag(step) switch { true => s_true, false => s_false, null => null },
        HandoffValue.Texts => Texts(step),
        _ => Headers(step),
    };

    /// <summary>The value of a parameter that is a text.</summary>
    public string? Text(Handoff step) => _text!(step);

    /// <summary>The value of a parameter that is a number.</summary>
    public int? Number(Handoff step) => _number!(step);

    /// <summary>The value of a parameter that is true or false.</summary>
    public bool? Flag(Handoff step) => _flag!(step);

    /// <summary>The value of a parameter that is a list of texts.</summary>
    public IReadOnlyList<string>? Texts(Handoff step) => _texts!(step);

    /// <summary>The value of a parameter that is a list of headers.</summary>
    public IReadOnlyList<SipHeader> Headers(Handoff step) => _headers!(step);

    /// <summary>The step with this value of its kind; null for none.</summary>
    public Handoff With(Handoff step, object? value)
    {
        var changed = step with { };
        Set(changed, value);
        return changed;
    }

    /// <summary>Gives a step that nobody else has seen yet its value; a reader makes one step and no copy a parameter.</summary>
    internal void Set(Handoff unshared, object? value) => _set(unshared, value);

    /// <summary>Its value in words; null where the step has none.</summary>
    public string? TextOf(Handoff step) => Of(step) switch
    {
        null => null,
        string text => text,
        int number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IReadOnlyList<string> texts => string.Join(", ", texts),
        IReadOnlyList<SipHeader> headers => headers.Count == 0 ? null : string.Join(", ", headers.Select(h => $"{h.Name}: {h.Value}")),
        var other => other.ToString(),
    };

    /// <summary>Whether two steps have the same value.</summary>
    /// <remarks>By its kind, not by what the values are: a replay asks this ten times a call, and asking an object which list it is takes longer than comparing it.</remarks>
    public bool Same(Handoff was, Handoff now) => Kind switch
    {
        HandoffValue.Text => string.Equals(Text(was), Text(now), StringComparison.Ordinal),
        HandoffValue.Headers => SameItems(Headers(was), Headers(now)),
        HandoffValue.Flag => Flag(was) == Flag(now),
        HandoffValue.Texts => SameItems(Texts(was) ?? [], Texts(now) ?? []),
        _ => Number(was) == Number(now),
    };

    /// <inheritdoc />
    public override string ToString() => Name;

    private static Action<Handoff, object?> Setter<T>(MethodInfo method)
    {
        var set = method.CreateDelegate<Action<Handoff, T?>>();
        return (step, value) => set(step, (T?)value);
    }

    private static bool SameItems<T>(IReadOnlyList<T> was, IReadOnlyList<T> now)
    {
        if (ReferenceEquals(was, now))
            return true;
        if (was.Count != now.Count)
            return false;
        for (int i = 0; i < was.Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(was[i], now[i]))
                return false;
        }
        return true;
    }
}

/// <summary>What the value of a handoff's parameter is.</summary>
public enum HandoffValue
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Texts, in order.</summary>
    Texts,

    /// <summary>SIP headers, in order.</summary>
    Headers,
}
