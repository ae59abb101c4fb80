using EventCalls.Contracts;

namespace EventCalls.Import.Csv;

/// <summary>Reads how a transfer came out: our own names, what call detail records of common switches say, or a SIP status.</summary>
internal static class CsvOutcomes
{
    private static readonly Dictionary<string, TransferOutcome> s_words = new(StringComparer.Ordinal)
    {
        // The dispositions of Asterisk.
        ["failed"] = TransferOutcome.Error,
        ["congestion"] = TransferOutcome.Unreachable,
        ["noanswer"] = TransferOutcome.NoAnswer,
        // Causes by their names in Q.850, as FreeSWITCH writes them.
        ["success"] = TransferOutcome.Answered,
        ["normal_clearing"] = TransferOutcome.Answered,
        ["user_busy"] = TransferOutcome.Busy,
        ["no_user_response"] = TransferOutcome.NoAnswer,
        ["call_rejected"] = TransferOutcome.Declined,
        ["unallocated_number"] = TransferOutcome.NotFound,
        ["no_route_destination"] = TransferOutcome.NotFound,
        ["invalid_number_format"] = TransferOutcome.NotFound,
        ["destination_out_of_order"] = TransferOutcome.Unreachable,
        ["network_out_of_order"] = TransferOutcome.Unreachable,
        ["normal_temporary_failure"] = TransferOutcome.Unreachable,
        ["recovery_on_timer_expire"] = TransferOutcome.TimedOut,
        ["outgoing_call_barred"] = TransferOutcome.NotAllowed,
        ["originator_cancel"] = TransferOutcome.CallerHungUp,
        // Words that people write.
        ["cancelled"] = TransferOutcome.CallerHungUp,
        ["canceled"] = TransferOutcome.CallerHungUp,
        ["rejected"] = TransferOutcome.Declined,
    };

    /// <summary>The outcome that a word or a status stands for; null when it stands for none.</summary>
    public static TransferOutcome? Parse(string text, HandoffMethod method)
    {
        string word = text.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
        // In records of calls it is the caller who cancelled.
        if (s_words.TryGetValue(word, out var outcome) || WireName.TryParse(word, out outcome))
            return outcome;
        return StatusOf(text) is { } status ? OfStatus(status, method) : null;
    }

    /// <summary>The outcome of a final status.</summary>
    public static TransferOutcome OfStatus(int status, HandoffMethod method) =>
        TransferOutcomes.Derive(method == HandoffMethod.Refer ? HandoffMethod.Invite : method, new SipEvidence { Source = "response", Status = status });

    /// <summary>A final SIP status; null when the text is none.</summary>
    public static int? StatusOf(string text) => int.TryParse(text, out int status) && status is >= 200 and <= 699 ? status : null;
}
