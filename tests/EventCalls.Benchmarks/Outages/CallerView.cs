using EventCalls.Testing;

namespace EventCalls.Benchmarks.Outages;

/// <summary>What the caller's side saw of one call.</summary>
/// <param name="SipCallId">Its Call-ID.</param>
/// <param name="Status">The final answer to the INVITE; 0 for none.</param>
internal sealed record CallerView(string SipCallId, int Status)
{
    /// <summary>Whether anything at all came back.</summary>
    public bool WasHeard { get; init; } = true;

    /// <summary>How many REFERs came, repetitions of one not counted.</summary>
    public int Refers { get; init; }

    /// <summary>Whether the other side took the NOTIFY that said 200.</summary>
    public bool SaidSuccess { get; init; }

    /// <summary>Whether it was told of the end: a BYE came, or the other side took its own.</summary>
    public bool WasHungUp { get; init; }

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
        bool IsTaken(SippMessage? request) => request is not null && received.Any(m => m.Status == 200 && m.Header("CSeq") == request.Header("CSeq"));
        return new CallerView(id, received.FirstOrDefault(m => m.CSeqMethod == "INVITE" && m.Status >= 200)?.Status ?? 0)
        {
            WasHeard = received.Count > 0,
            Refers = received.Where(m => m.Method == "REFER").Select(m => m.Header("CSeq")).Distinct().Count(),
            SaidSuccess = IsTaken(messages.FirstOrDefault(m => m.Sent && m.Method == "NOTIFY" && m.Body.StartsWith("SIP/2.0 200", StringComparison.Ordinal))),
            WasHungUp = received.Any(m => m.Method == "BYE") || IsTaken(messages.FirstOrDefault(m => m.Sent && m.Method == "BYE")),
        };
    }
}
