using System.Globalization;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Console.Calls;

/// <summary>Calls as a table (RFC 4180) that programs read and spreadsheets open.</summary>
internal static class CallCsv
{
    public const string Head = "callId,sipCallId,startedAt,endedAt,caller,callee,trunk,flow,handoff,target,outcome,attempts,logicVersion,reason,node,postDialDelayMs\r\n";

    public static void Write(StringBuilder text, CallRow row)
    {
        text.Append(row.CallId.ToString("D"));
        foreach (string? cell in (string?[])
        [
            row.SipCallId, UtcTime.Milliseconds(row.StartedAt), row.EndedAt is { } ended ? UtcTime.Milliseconds(ended) : null, row.Caller, row.Callee, row.Trunk, row.Flow,
            WireName.Of(row.Handoff), row.Target, WireName.Of(row.Outcome), row.Attempts.ToString(CultureInfo.InvariantCulture), row.LogicVersion, row.Reason, row.Node,
            row.PostDialDelayMs?.ToString(CultureInfo.InvariantCulture),
        ])
        {
            text.Append(',').Append(Cell(cell));
        }
        text.Append("\r\n");
    }

    /// <summary>A value, as <see cref="SpreadsheetText"/> has it.</summary>
    internal static string Cell(string? value)
    {
        string text = SpreadsheetText.Of(value ?? "");
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
