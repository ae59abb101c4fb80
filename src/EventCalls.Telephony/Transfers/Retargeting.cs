using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Transfers;

/// <summary>What a call that is bridged or redirected says of where it was before: what the caller's INVITE said of that, and the number that was dialled here.</summary>
internal static class Retargeting
{
    private const int MostReceived = 10;

    /// <summary>Adds the headers; one that logic has set itself stays the only one.</summary>
    /// <param name="headers">Where to.</param>
    /// <param name="set">What logic has set.</param>
    /// <param name="call">The call.</param>
    /// <param name="where">How whoever gets them wants them.</param>
    /// <param name="targets">Where the call goes, for each of them one entry.</param>
    /// <param name="branch">The number of the attempt, from 1.</param>
    /// <param name="deflects">Whether the caller is sent there, and not called for.</param>
    public static void AddTo(List<HeaderLine> headers, IReadOnlyList<SipHeader> set, Call call, DiversionIn where, IReadOnlyList<string> targets, int branch, bool deflects = false)
    {
        string name = where == DiversionIn.Diversion ? "Diversion" : "History-Info";
        if (where == DiversionIn.None || set.Any(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return;
        var received = Received(call, where == DiversionIn.Diversion ? HeaderId.Diversion : HeaderId.HistoryInfo);
        if (where == DiversionIn.Diversion)
        {
            // The last diversion stands first (RFC 5806 §4).
            headers.Add(new HeaderLine(name, $"<{call.LocalUri}>;reason={(deflects ? "deflection" : ReasonOf(call.LastFailure))};counter=1"));
            headers.AddRange(received.Select(value => new HeaderLine(name, value)));
            return;
        }
        string? last = received.Count == 0 ? null : IndexOf(received[^1]);
        if (last is null)
        {
            // An entry that cannot be read has no place after which ours could go (RFC 7044 §9.1).
            received = [$"<{WithoutHeaders(call.Started.RequestUri)}>;index=1"];
            last = "1";
        }
        headers.AddRange(received.Select(value => new HeaderLine(name, value)));
        for (int i = 0; i < targets.Count; i++)
            headers.Add(new HeaderLine(name, string.Create(CultureInfo.InvariantCulture, $"<{WithoutHeaders(targets[i])}>;index={last}.{branch + i};mp={last}")));
    }

    /// <summary>The values of a header of the caller's INVITE that can be sent on.</summary>
    public static List<string> Received(Call call, HeaderId id)
    {
        var values = new List<string>();
        foreach (var header in call.Started.Headers)
        {
            if (HeaderNames.Of(System.Text.Encoding.UTF8.GetBytes(header.Name)) == id && SipText.IsSafeHeaderValue(header.Value) && values.Count < MostReceived)
                values.Add(header.Value);
        }
        return values;
    }

    // RFC 5806 §4: why the call goes on from the number that was dialled.
    private static string ReasonOf(SipEvidence? failure) => failure is null ? "unconditional" : TransferOutcomes.Derive(HandoffMethod.Invite, failure) switch
    {
        TransferOutcome.Busy => "user-busy",
        TransferOutcome.NoAnswer => "no-answer",
        TransferOutcome.Declined => "deflection",
        TransferOutcome.Unreachable or TransferOutcome.TimedOut or TransferOutcome.NotFound => "unavailable",
        _ => "unknown",
    };

    /// <summary>The index of the last entry of a value; null when there is none that ours could follow.</summary>
    private static string? IndexOf(string value)
    {
        int at = value.LastIndexOf("index=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        string index = value[(at + 6)..];
        int end = index.AsSpan().IndexOfAnyExcept("0123456789.");
        index = end < 0 ? index : index[..end];
        return index.Length is 0 or > 60 || index[0] == '.' || index[^1] == '.' ? null : index;
    }

    private static string WithoutHeaders(string uri)
    {
        int headers = uri.IndexOf('?');
        return headers < 0 ? uri : uri[..headers];
    }
}
