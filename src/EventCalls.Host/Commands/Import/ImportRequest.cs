using EventCalls.Import.Calls;
using EventCalls.Import.Csv;

namespace EventCalls.Host.Commands.Import;

/// <summary>What the command line asks to be imported.</summary>
/// <param name="Files">The files.</param>
/// <param name="Trunk">The trunk that imported calls count as; null for what the configuration or the table says.</param>
/// <param name="Ours">Which addresses are ours.</param>
/// <param name="Csv">How tables are read.</param>
/// <param name="IsDryRun">Whether nothing is to be stored.</param>
internal sealed record ImportRequest(IReadOnlyList<string> Files, string? Trunk, IReadOnlyList<OurAddress> Ours, CsvOptions Csv, bool IsDryRun);
