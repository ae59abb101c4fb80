using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>Many calls that come in while something else happens.</summary>
internal static class Traffic
{
    /// <summary>Starts calls to a flow that refers them.</summary>
    public static Task<SippRun> StartAsync(string sipAddress, string prefix, int calls, int rate) => SippRun.StartAsync(new SippOptions
    {
        Scenario = Scenarios.File("traffic"),
        Remote = sipAddress,
        Dial = "refer",
        Calls = calls,
        Rate = rate,
        Limit = calls,
        CallIdPrefix = prefix,
        PauseMs = 300,
        ReceiveTimeoutMs = 60_000,
        Timeout = TimeSpan.FromMinutes(3),
    });

    /// <summary>The SIP Call-IDs of the calls that were accepted: all but those that were told at once to go elsewhere (503).</summary>
    public static HashSet<string> Accepted(SippResult result) =>
    [
        .. result.Messages.GroupBy(m => m.Header("Call-ID") ?? "")
            .Where(call => call.Key.Length > 0 && call.Any(m => !m.Sent) && !call.Any(m => !m.Sent && m.Status == 503 && m.CSeqMethod == "INVITE"))
            .Select(call => call.Key),
    ];

    /// <summary>Asserts that each accepted call is on record once and whole; waits for the recorder to catch up.</summary>
    public static async Task<IReadOnlyList<CallStream>> MustBeOnRecordAsync(EventCallsProcess process, HashSet<string> accepted, TimeSpan limit)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        IReadOnlyList<ListedCall> listed = [];
        while (clock.Elapsed < limit)
        {
            listed = await process.CallsAsync("--limit", "100000");
            if (accepted.IsSubsetOf(listed.Where(c => c.EndedAt is not null).Select(c => c.SipCallId)))
                break;
            await Task.Delay(1000);
        }

        var streams = (await process.ExportAsync()).Where(s => s.Events.Count > 0 && accepted.Contains(SipCallId(s) ?? "")).ToList();
        var missing = accepted.Except(streams.Select(s => SipCallId(s)!)).ToList();
        Assert.True(missing.Count == 0, $"{missing.Count} of {accepted.Count} accepted calls are not on record, the first is {missing.FirstOrDefault()}.\n{process.Describe()}");
        foreach (var stream in streams)
            stream.MustBeWhole();
        Assert.Equal(accepted.Count, streams.Count);
        return streams;
    }

    private static string? SipCallId(CallStream stream) => stream.Events.FirstOrDefault(e => e.Type == "call_started")?["sipCallId"];
}
