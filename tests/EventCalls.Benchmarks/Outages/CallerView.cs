using EventCalls.Testing;

namespace EventCalls.Benchmarks.Outages;

/// <summary>What the caller's side saw of one call.</summary>
/// <param name="SipCallId">Its Call-ID.</param>
/// <param name="Status">The final answer to the INVITE; 0 for none.</param>
/// <param name="WasHeard">Whether anything at all came back.</param>
/// <param name="WasReferred">Whether a REFER came.</param>
/// <param name="SaidSuccess">Whether the other side took the NOTIFY that said 200.</param>
internal sealed record CallerView(string SipCallId, int Status, bool WasHeard, bool WasReferred, bool SaidSuccess)
{
    /// <summary>Turned away before it was a call: this node is full, drains, or cannot record.</summary>
    public bool IsRefused => Status == 503;

    /// <summary>Reads what SIPp saw, call by call.</summary>
    public static IReadOnlyList<CallerView> Read(IEnumerable<SippMessage> messages) =>
    [
        .. messages.GroupBy(m => m.Header("Call-ID") ?? "").Where(call => call.Key.Length > 0).Select(call => Of(call.Key, [.. call])),
    ];

    private static CallerView Of(string id, List<SippMessage> messages)
    {
        var received = messages.Where(m => !m.Sent).ToList();
        var success = messages.FirstOrDefault(m => m.Sent && m.Method == "NOTIFY" && m.Body.StartsWith("SIP/2.0 200", StringComparison.Ordinal))?.Header("CSeq");
        return new CallerView(
            id,
            received.FirstOrDefault(m => m.CSeqMethod == "INVITE" && m.Status >= 200)?.Status ?? 0,
            received.Count > 0,
            received.Any(m => m.Method == "REFER"),
            success is not null && received.Any(m => m.Status == 200 && m.Header("CSeq") == success));
    }
}
