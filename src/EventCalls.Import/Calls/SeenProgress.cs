namespace EventCalls.Import.Calls;

/// <summary>A provisional response, or a report of a transfer, as it was seen.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Source"><c>response</c> or <c>notify</c>.</param>
/// <param name="Status">The status; null when it could not be read.</param>
/// <param name="AsReceived">The status line or the report.</param>
internal readonly record struct SeenProgress(DateTimeOffset At, string Source, int? Status, string? AsReceived);
