using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>What a target that refused said besides its status, passed on in the refusal to the caller.</summary>
internal static class TargetsWords
{
    /// <summary>The Reason (RFC 3326; RFC 6432) and Warning of the last failed attempt; empty when it had none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="status">The status that the caller is told; a BYE carries it in a Reason of its own.</param>
    public static List<HeaderLine> Of(Call call, int status)
    {
        var headers = new List<HeaderLine>();
        if (call.LastFailure is not { Source: "response" or "notify" } said)
        {
            if (status == 488 && !call.IsCallerAnswered)
                headers.Add(NoCommonFormat(call));
            AddAccept(headers, call, status);
            return headers;
        }
        // One value of each protocol (RFC 3326 §2): the BYE to an answered caller has one of SIP already.
        if (said.Reason is { } reason && !(call.IsCallerAnswered && reason.Contains("SIP", StringComparison.OrdinalIgnoreCase)) && ReasonHeader.Passed(reason) is { } passed)
            headers.AddRange(passed);
        if (!call.IsCallerAnswered && said.Warning is { } warning && SipText.IsSafeHeaderValue(warning))
            headers.Add(new HeaderLine("Warning", warning));
        AddAccept(headers, call, status);
        return headers;
    }

    /// <summary>Says why a session cannot come about (RFC 3261 §20.43).</summary>
    public static HeaderLine NoCommonFormat(Call call) => new("Warning", $"305 {call.Caller.Hop.LocalHost} \"Incompatible media format\"");

    // A 415 must say what would be taken (RFC 3261 §21.4.13).
    private static void AddAccept(List<HeaderLine> headers, Call call, int status)
    {
        if (status == 415 && !call.IsCallerAnswered)
            headers.Add(new HeaderLine("Accept", "application/sdp"));
    }
}
