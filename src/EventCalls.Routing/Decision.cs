using System.Diagnostics.CodeAnalysis;

namespace EventCalls.Routing;

/// <summary>What the logic decided: another flow, or a handoff with its fallbacks.</summary>
/// <remarks>Made by <see cref="Conversation.GotoFlow"/>, or from <see cref="Handoff"/>, which converts by itself.</remarks>
public sealed class Decision
{
    private Decision(string? flow, HandoffStep? handoff, string file, int line)
    {
        Flow = flow;
        Handoff = handoff;
        File = file;
        Line = line;
    }

    /// <summary>The flow to go to; null when <see cref="Handoff"/> is set.</summary>
    public string? Flow { get; }

    /// <summary>The handoff to request; null when <see cref="Flow"/> is set.</summary>
    public HandoffStep? Handoff { get; }

    internal string File { get; }

    internal int Line { get; }

    internal static Decision ToFlow(string name, string file, int line) => new(name, null, file, line);

    /// <summary>A handoff is a decision, and none is none: so that <c>isVip ? Handoff.Invite("4900") : null</c> leaves it to what comes after <c>??</c>.</summary>
    [return: NotNullIfNotNull(nameof(handoff))]
    public static implicit operator Decision?(HandoffStep? handoff) =>
        handoff is null ? null : new(null, handoff, handoff.File, handoff.Line);
}
