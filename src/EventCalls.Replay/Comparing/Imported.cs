using EventCalls.Contracts;
using EventCalls.Replay.Gate;

namespace EventCalls.Replay.Comparing;

/// <summary>What an imported call does not show cannot differ: a capture has no ring timeout, and names a target by its URI.</summary>
internal static class Imported
{
    /// <summary>The step as it would look in the same import.</summary>
    /// <param name="now">The candidate's step.</param>
    /// <param name="was">The step as it was imported.</param>
    public static Handoff AsKnown(Handoff now, Handoff was) => HandoffFields.All.Where(field => field.IsUnseen).Aggregate(Seen(now, was), (step, field) => field.With(step, field.Of(was)));

    private static Handoff Seen(Handoff now, Handoff was) => now with
    {
        PhoneNumber = now.Method == HandoffMethod.Invite ? Target(now.PhoneNumber, was.PhoneNumber) : was.PhoneNumber is null ? null : now.PhoneNumber,
        ReferTo = Target(now.ReferTo, was.ReferTo),
        Contacts = now.Contacts is [var best, ..] && was.Contacts is [var imported, ..] && IsSame(best, imported) ? was.Contacts : now.Contacts,
        OutboundEndpoint = was.OutboundEndpoint is null ? null : now.OutboundEndpoint,
        OutboundCallerId = was.OutboundCallerId is null || now.OutboundCallerId is null ? was.OutboundCallerId : now.OutboundCallerId,
        SipHeaders = [.. now.SipHeaders.Where(h => was.SipHeaders.Any(w => w.Name.Equals(h.Name, StringComparison.OrdinalIgnoreCase)))],
    };

    private static string? Target(string? now, string? was) => now is not null && was is not null && IsSame(now, was) ? was : now;

    // Two URIs are two places when their hosts differ; a number by itself was completed by an endpoint.
    private static bool IsSame(string now, string was) =>
        now == was || (now.Contains(':') != was.Contains(':') && TargetName.UserOf(now) == TargetName.UserOf(was));
}
