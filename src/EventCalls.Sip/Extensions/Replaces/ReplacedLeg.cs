using System.Text;
using EventCalls.Sip.Dialogs;

namespace EventCalls.Sip.Extensions.Replaces;

/// <summary>Finding the leg that a Replaces names.</summary>
public static class ReplacedLeg
{
    /// <summary>The leg of the named dialog, with all three of its ids, of which an early one that we began has only ours yet; null when it is none of this agent's (RFC 3891 §3).</summary>
    public static Leg? Find(this UserAgent agent, ReplacesHeader replaces)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(replaces);
        return agent.LegOf(Encoding.UTF8.GetBytes(replaces.ToTag)) is { } leg
            && leg.CallId == replaces.CallId
            && leg.LocalTag == replaces.ToTag
            && (leg.RemoteTag is not { } tag || tag == replaces.FromTag)
            ? leg
            : null;
    }
}
