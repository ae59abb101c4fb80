using static EventCalls.Contracts.HandoffMethod;

namespace EventCalls.Contracts;

/// <summary>The parameters of a handoff, each once. A new one is a property of <see cref="Handoff"/> and a line here.</summary>
public static class HandoffFields
{
    /// <summary>The value of <see cref="Handoff.Media"/> by which media goes through the node.</summary>
    public const string Anchor = "anchor";

    /// <summary>The value of <see cref="Handoff.Media"/> by which media goes between the two.</summary>
    public const string Direct = "direct";

    /// <summary>The value of <see cref="Handoff.Media"/> by which media goes through an rtpengine.</summary>
    public const string Rtpengine = "rtpengine";

    private const string Seconds = " s";
    private const int LeastSeconds = 1;
    private const int MostSeconds = 600;

    private static readonly string[] s_media = [Anchor, Direct, Rtpengine];
    private static readonly HandoffMethod[] s_all = Enum.GetValues<HandoffMethod>();

    /// <summary>All, in the order in which they are written and compared.</summary>
    public static IReadOnlyList<HandoffField> All { get; } =
    [
        new("phone_number", nameof(Handoff.PhoneNumber), static step => step.PhoneNumber, [Invite, Refer]) { RequiredBy = Invite, IsTarget = true },
        new("refer_to", nameof(Handoff.ReferTo), static step => step.ReferTo, [Refer]) { RequiredBy = Refer, IsTarget = true },
        new("contacts", nameof(Handoff.Contacts), static step => step.Contacts, [Redirect]) { RequiredBy = Redirect, IsTarget = true },
        new("outbound_caller_id", nameof(Handoff.OutboundCallerId), static step => step.OutboundCallerId, [Invite]) { ComparedAs = "caller_id", EmptyIsNone = true },
        new("outbound_endpoint", nameof(Handoff.OutboundEndpoint), static step => step.OutboundEndpoint, [Invite, Refer, Redirect]),
        new("ring_timeout", nameof(Handoff.RingTimeoutSeconds), static step => step.RingTimeoutSeconds, [Invite]) { Least = LeastSeconds, Greatest = MostSeconds, Unit = Seconds, IsUnseen = true },
        new("notify_timeout", nameof(Handoff.NotifyTimeoutSeconds), static step => step.NotifyTimeoutSeconds, [Refer]) { Least = LeastSeconds, Greatest = MostSeconds, Unit = Seconds, IsUnseen = true },
        new("replaces", nameof(Handoff.Replaces), static step => step.Replaces, [Invite]),
        new("media", nameof(Handoff.Media), static step => step.Media, [Invite]) { Words = s_media, IsUnseen = true },
        new("record", nameof(Handoff.Record), static step => step.Record, [Invite]) { IsUnseen = true },
        new("prompt", nameof(Handoff.Prompt), static step => step.Prompt, [Invite, Refer, Bye]) { IsUnseen = true, EmptyIsNone = true },
        new("status", nameof(Handoff.Status), static step => step.Status, [Reject]) { RequiredBy = Reject, Least = 400, Greatest = 699 },
        new("reason", nameof(Handoff.Reason), static step => step.Reason, [Bye, Reject]) { IsUnseen = true },
        new("sip_headers", nameof(Handoff.SipHeaders), static step => step.SipHeaders, s_all) { ComparedAs = "headers" },
    ];

    /// <summary>The parameters of a method, what it cannot do without first.</summary>
    public static IReadOnlyList<HandoffField> Of(HandoffMethod method) => ByMethod.Fields[(int)method];

    /// <summary>A step with these values, one for each of <see cref="All"/>; null where it has none.</summary>
    public static Handoff Step(HandoffMethod method, ReadOnlySpan<object?> values)
    {
        var step = new Handoff { Method = method };
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value)
                All[i].Set(step, value);
        }
        return step;
    }

    /// <summary>Whether two steps ask for the same in everything.</summary>
    public static bool Same(Handoff was, Handoff now)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(now);
        if (was.Method != now.Method)
            return false;
        foreach (var field in All)
        {
            if (!field.Same(was, now))
                return false;
        }
        return true;
    }

    private static class ByMethod
    {
        public static readonly HandoffField[][] Fields = [.. s_all.Select(m => All.Where(f => f.IsOf(m)).OrderBy(f => f.RequiredBy == m ? 0 : 1).ToArray())];
    }
}
