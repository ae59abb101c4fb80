using EventCalls.Contracts;
using EventCalls.Routing.Decisions;

namespace EventCalls.Routing;

/// <summary>A handoff being built: a step, and the steps to try when it fails. Immutable: each method gives a new one.</summary>
public sealed class HandoffStep
{
    private readonly Contracts.Handoff[] _steps;
    private readonly NamedHandoff?[] _asked;

    internal HandoffStep(Contracts.Handoff step, string file, int line, NamedHandoff? asked = null)
        : this([step], [asked], null, file, line)
    {
    }

    private HandoffStep(Contracts.Handoff[] steps, NamedHandoff?[] asked, string? reason, string file, int line)
    {
        _steps = steps;
        _asked = asked;
        Reason = reason;
        File = file;
        Line = line;
    }

    /// <summary>The steps in the order they are tried.</summary>
    public IReadOnlyList<Contracts.Handoff> Steps => _steps;

    /// <summary>Why, for machines; null when nothing was said.</summary>
    public string? Reason { get; }

    /// <summary>What each step was asked for by, for what is said of it.</summary>
    internal IReadOnlyList<NamedHandoff?> Asked => _asked;

    internal string File { get; }

    internal int Line { get; }

    /// <summary>Says why the call is handed off, for reports and searches: a short word such as <c>queue_full</c>. The last one said counts.</summary>
    /// <param name="reason">1 to 100 printable characters, the same for the same thing; null leaves it as it is.</param>
    public HandoffStep Because(string? reason) => reason is null ? this : new HandoffStep(_steps, _asked, reason, File, Line);

    /// <summary>Adds a custom header to the step (the last one, after <see cref="OrElse"/>).</summary>
    /// <param name="name">The header's name; those SIP itself needs (Via, From, Contact …) are refused when the decision is checked.</param>
    /// <param name="value">The value; null leaves the header out.</param>
    public HandoffStep WithHeader(string name, string? value) =>
        value is null ? this : With(step => step with { SipHeaders = [.. step.SipHeaders, new SipHeader(name, value)] });

    /// <summary>Adds a User-to-User header that carries a text, in hex of its UTF-8 (RFC 7433), to the step (the last one, after <see cref="OrElse"/>).</summary>
    /// <param name="text">The text; null leaves the header out. What many carriers pass on is no longer than 128 bytes.</param>
    /// <param name="purpose">What it is for, a token; null says nothing.</param>
    public HandoffStep WithUserToUser(string? text, string? purpose = null) => WithHeader("User-to-User", text is null ? null : UserToUser.Of(text, purpose));

    /// <summary>Has the caller hear a WAV file before the step (the last one, after <see cref="OrElse"/>) is carried out; a caller who is not answered yet is answered first.</summary>
    /// <param name="file">The name of a file in the folder of prompts (<c>Media:Prompts</c>), such as <c>welcome.wav</c>; null for none.</param>
    /// <exception cref="ArgumentException">The step is a redirect or a reject, which answer nobody.</exception>
    public HandoffStep WithPrompt(string? file) => With(step => step with { Prompt = string.IsNullOrEmpty(file) ? null : file });

    /// <summary>Sets parameters of the step that its method has, and that <see cref="Handoff"/> has no argument for (the last step, after <see cref="OrElse"/>).</summary>
    /// <param name="set">Gives the step with them: <c>step =&gt; step with { RingTimeoutSeconds = 20 }</c>; they are checked with the decision.</param>
    /// <exception cref="ArgumentException">The method has no such parameter.</exception>
    public HandoffStep With(Func<Contracts.Handoff, Contracts.Handoff> set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var steps = (Contracts.Handoff[])_steps.Clone();
        var (before, after) = (steps[^1], set(steps[^1]));
        if (after?.SipHeaders is null || after.Method != before.Method)
            throw new ArgumentException("The step stays one of its method, and has headers, if none then an empty list of them.", nameof(set));
        if (HandoffFields.All.FirstOrDefault(field => !field.IsOf(after.Method) && field.Of(after) is not null) is { } foreign)
            throw new ArgumentException($"{WireName.Of(after.Method)} has no {foreign.Name}.", nameof(set));
        steps[^1] = after;
        return new HandoffStep(steps, _asked, Reason, File, Line);
    }

    /// <summary>What to try when everything so far failed.</summary>
    public HandoffStep OrElse(HandoffStep next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new HandoffStep([.. _steps, .. next._steps], [.. _asked, .. next._asked], Reason ?? next.Reason, File, Line);
    }
}
