using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>A trunk or a target that does not do what it did, for every attempt to reach it.</summary>
/// <param name="Trunk">The trunk; null when it is a target.</param>
/// <param name="Target">The target, a number, the user part of a URI or a URI; null when it is a trunk.</param>
/// <param name="Injection">What every attempt comes to.</param>
public sealed record Outage(string? Trunk, string? Target, Injection Injection)
{
    /// <summary>What can be asked for, for people.</summary>
    public const string Forms = "trunk:NAME=down, target:NUMBER=silence, or behind = a SIP status from 300 to 699 such as 486, ring, answer or no-notify";

    /// <summary>Whether a text is about an outage at all.</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("trunk:", StringComparison.Ordinal) || text.StartsWith("target:", StringComparison.Ordinal);
    }

    /// <summary>Reads what the command line says; null for what is none of the forms.</summary>
    public static Outage? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A URI may have an equals sign of its own.
        int equals = text.LastIndexOf('=');
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (!IsMeant(text) || equals < colon + 2)
            return null;
        string name = text[(colon + 1)..equals].Trim();
        string what = text[(equals + 1)..].Trim();
        if (!Injection.TryParse(what == "down" ? "silence" : what, out var injection) || !injection!.IsOfAttempt || name.Length == 0)
            return null;
        return text.StartsWith("trunk:", StringComparison.Ordinal) ? new Outage(name, null, injection) : new Outage(null, name, injection);
    }

    /// <summary>Whether an attempt is one of those.</summary>
    public bool Fits(TransferStarted attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return Injection.Fits(attempt.Method) && IsAt(attempt);
    }

    /// <summary>Whether an attempt is made by way of the trunk, or to the target.</summary>
    public bool IsAt(TransferStarted attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return Trunk is null ? IsTarget(attempt.Target) : Trunk.Equals(attempt.Trunk, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether what comes of an attempt like this one is nothing that the outage is about: a REFER that is not reported of, where it is an INVITE.</summary>
    public bool SaysNothingOf(TransferStarted attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return attempt.Method is HandoffMethod.Invite or HandoffMethod.Refer && !Injection.Fits(attempt.Method);
    }

    /// <summary>What it is about: <c>trunk pstn</c>, <c>target 4900</c>.</summary>
    public string Place => Trunk is null ? $"target {Target}" : $"trunk {Trunk}";

    /// <inheritdoc />
    public override string ToString() => $"{Place} {(Injection.Kind == InjectionKind.Silence ? "down" : $"comes to {Injection}")}";

    private bool IsTarget(string uri)
    {
        int colon = uri.IndexOf(':', StringComparison.Ordinal);
        int at = uri.IndexOf('@', StringComparison.Ordinal);
        return uri == Target || (colon >= 0 && at > colon && uri[(colon + 1)..at].Split(';')[0] == Target);
    }
}
