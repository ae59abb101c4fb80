using System.Globalization;
using EventCalls.Contracts;

namespace EventCalls.Host.Forks;

/// <summary>What is made to happen otherwise at the fork.</summary>
/// <param name="Kind">What.</param>
/// <param name="Status">The SIP status, 300–699, of <see cref="InjectionKind.Status"/>; else 0.</param>
internal sealed record Injection(InjectionKind Kind, int Status = 0)
{
    /// <summary>What can be asked for, for people.</summary>
    public const string Known = "a SIP status from 300 to 699 such as 486 or 405, answer, ring, silence, no-notify, hangup, target-hangup or no-decision";

    /// <summary>Whether it is about an attempt of a handoff.</summary>
    public bool IsOfAttempt => Kind is InjectionKind.Status or InjectionKind.Answer or InjectionKind.Ring or InjectionKind.Silence or InjectionKind.NoNotify;

    /// <summary>Reads what the command line says.</summary>
    public static bool TryParse(string text, out Injection? injection)
    {
        injection = null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int status))
            injection = status is >= 300 and <= 699 ? new Injection(InjectionKind.Status, status) : null;
        else if (WireName.TryParse(text, out InjectionKind kind) && kind != InjectionKind.Status)
            injection = new Injection(kind);
        return injection is not null;
    }

    /// <summary>Whether it can happen to an attempt of that method.</summary>
    public bool Fits(HandoffMethod method) => Kind switch
    {
        InjectionKind.NoNotify => method == HandoffMethod.Refer,
        _ => IsOfAttempt && method is (HandoffMethod.Invite or HandoffMethod.Refer),
    };

    /// <inheritdoc />
    public override string ToString() => Kind == InjectionKind.Status ? Status.ToString(CultureInfo.InvariantCulture) : WireName.Of(Kind);
}
