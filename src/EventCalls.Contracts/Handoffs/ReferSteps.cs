namespace EventCalls.Contracts;

/// <summary>The handoff that a REFER becomes by policy; the node and routing logic that decides nothing else take the same.</summary>
public static class ReferSteps
{
    /// <summary>What a refusal says: the call goes on as it is (RFC 3515 §2.4.2, RFC 3261 §21.6.2).</summary>
    public const int RefusedStatus = 603;

    private const string OwnHeader = "X-";

    private static readonly string[] s_passed = ["User-to-User"];

    /// <summary>The step.</summary>
    public static Handoff Of(ReferReceived refer)
    {
        ArgumentNullException.ThrowIfNull(refer);
        return refer.Policy switch
        {
            ReferPolicy.CarryOut => new Handoff
            {
                Method = HandoffMethod.Invite,
                PhoneNumber = refer.Target,
                OutboundEndpoint = refer.OutboundEndpoint,
                SipHeaders = [.. refer.Headers.Where(IsPassed)],
                Replaces = refer.Replaces,
            },
            ReferPolicy.Pass => new Handoff { Method = HandoffMethod.Refer, ReferTo = refer.ReferTo },
            _ => new Handoff { Method = HandoffMethod.Reject, Status = RefusedStatus },
        };
    }

    /// <summary>Whether a header behind the <c>?</c> of a Refer-To goes into our INVITE: User-to-User (RFC 7433) and headers of the parties' own.</summary>
    /// <remarks>Who refers must not write what says who calls, where the request goes or who is to be charged.</remarks>
    public static bool IsPassed(SipHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return header.Name.StartsWith(OwnHeader, StringComparison.OrdinalIgnoreCase) || s_passed.Contains(header.Name, StringComparer.OrdinalIgnoreCase);
    }
}
