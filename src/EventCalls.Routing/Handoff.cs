using System.Runtime.CompilerServices;
using EventCalls.Contracts;

namespace EventCalls.Routing;

/// <summary>Builds handoffs. The last two parameters of each are filled in by the compiler and tell the audit which line decided.</summary>
public static class Handoff
{
    /// <summary>Bridges the caller to a new call.</summary>
    /// <param name="number">A phone number, or a <c>sip:</c>, <c>sips:</c> or <c>tel:</c> URI.</param>
    /// <param name="outboundEndpoint">The configured trunk to dial out on; may be left out with a full URI, or when there is one only.</param>
    /// <param name="outboundCallerId">The caller id to present.</param>
    /// <param name="ringTimeout">How long to let it ring, 1–600 s; null for the configured default.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    public static HandoffStep Invite(
        string? number,
        string? outboundEndpoint = null,
        string? outboundCallerId = null,
        TimeSpan? ringTimeout = null,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = "") =>
        new(
            new Contracts.Handoff
            {
                Method = HandoffMethod.Invite,
                PhoneNumber = number,
                OutboundEndpoint = outboundEndpoint,
                OutboundCallerId = string.IsNullOrEmpty(outboundCallerId) ? null : outboundCallerId,
                RingTimeoutSeconds = Seconds(ringTimeout),
            },
            file,
            line);

    /// <summary>Asks the other side to take the call over (REFER, RFC 3515).</summary>
    /// <param name="referTo">The number or URI to refer to.</param>
    /// <param name="phoneNumber">The number the transfer is made for (Referred-By).</param>
    /// <param name="notifyTimeout">How long to wait for the final NOTIFY, 1–600 s; null for the configured default.</param>
    /// <param name="outboundEndpoint">The trunk whose host completes a bare number.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    public static HandoffStep Refer(
        string? referTo,
        string? phoneNumber = null,
        TimeSpan? notifyTimeout = null,
        string? outboundEndpoint = null,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = "") =>
        new(
            new Contracts.Handoff
            {
                Method = HandoffMethod.Refer,
                ReferTo = referTo,
                PhoneNumber = string.IsNullOrEmpty(phoneNumber) ? null : phoneNumber,
                NotifyTimeoutSeconds = Seconds(notifyTimeout),
                OutboundEndpoint = outboundEndpoint,
            },
            file,
            line);

    /// <summary>Gives the call back with BYE; a call that is not answered yet is answered first.</summary>
    /// <param name="reason">The text of the Reason header.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    public static HandoffStep Bye(string? reason = null, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "") =>
        new(new Contracts.Handoff { Method = HandoffMethod.Bye, Reason = reason }, file, line);

    /// <summary>Answers the INVITE with 302 and one contact.</summary>
    /// <param name="contact">A number or URI.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    public static HandoffStep Redirect(string? contact, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "") =>
        Redirect([contact], line, file);

    /// <summary>Answers the INVITE with 302 and several contacts.</summary>
    /// <param name="contacts">Numbers or URIs, best first.</param>
    public static HandoffStep Redirect(params string?[] contacts) => Redirect(contacts, 0, "");

    /// <summary>Answers the INVITE with a final failure; a call already answered is ended with BYE instead.</summary>
    /// <param name="status">400–699.</param>
    /// <param name="reason">The reason phrase; null for the standard one.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    public static HandoffStep Reject(
        int status, string? reason = null, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "") =>
        new(new Contracts.Handoff { Method = HandoffMethod.Reject, Status = status, Reason = reason }, file, line);

    /// <summary>What the policy makes of the REFER that is decided on; without one, a rejection.</summary>
    internal static HandoffStep ByPolicy(Conversation conv) =>
        conv.Refer is { } refer ? new HandoffStep(refer.ByPolicy(), "", 0) : Reject(ReferSteps.RefusedStatus);

    private static HandoffStep Redirect(string?[]? contacts, int line, string file) =>
        new(
            new Contracts.Handoff { Method = HandoffMethod.Redirect, Contacts = [.. (contacts ?? []).Select(c => c ?? "")] },
            file,
            line);

    // Part of a second counts as a whole one: no time-out comes out shorter than asked for.
    private static int? Seconds(TimeSpan? time) =>
        time is { } t ? (int)Math.Clamp(Math.Ceiling(t.TotalSeconds), int.MinValue, int.MaxValue) : null;
}
