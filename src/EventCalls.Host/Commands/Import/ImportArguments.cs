using System.CommandLine;
using System.CommandLine.Parsing;
using EventCalls.Import.Calls;
using EventCalls.Import.Csv;

namespace EventCalls.Host.Commands.Import;

/// <summary>The arguments of <c>eventcalls import</c>.</summary>
internal sealed class ImportArguments
{
    private readonly Argument<string[]> _files = new("FILE") { Description = "Captures (pcap, pcapng) and tables (CSV), perhaps compressed with gzip. Captures are read as one, in the order of their time.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _trunk = new("--trunk") { Description = "The trunk that imported calls count as. Captures: else the configured trunk that calls from the address, else 'import'. Tables: when the row names none.", HelpName = "NAME" };
    private readonly Option<string[]> _ours = new("--our") { Description = "Captures: which addresses are ours (192.0.2.1, 192.0.2.1:5060, 192.0.2.0/24); calls come in to them, transfers go out from them. Else a call's own are those it came in to.", HelpName = "ADDRESS", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Reads everything and stores nothing." };
    private readonly Option<string[]> _map = new("--map") { Description = "Tables: which column stands for which field, such as src=caller; as often as needed.", HelpName = "COLUMN=FIELD", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "Tables: what separates fields, one character or 'tab'. Else it is found out.", HelpName = "CHAR" };
    private readonly Option<string?> _timeZone = new("--time-zone") { Description = "Tables: the zone of times that say none, such as Europe/Berlin or UTC.", HelpName = "ZONE" };

    private readonly Option<string[]> _timeFormats = new("--time-format") { Description = "Tables: how times are written that are neither ISO 8601 nor seconds since 1970, such as \"dd.MM.yyyy HH:mm\" or \"%d.%m.%Y %H:%M\"; as often as needed.", HelpName = "FORMAT" };

    public ImportArguments(Command command)
    {
        command.Add(_files);
        foreach (var option in (Option[])[_trunk, _ours, _map, _delimiter, _timeFormats, _timeZone, _dryRun])
            command.Add(option);
        _files.Validators.Add(result => Each(result, path => File.Exists(path) ? null : Directory.Exists(path) ? $"'{path}' is a folder; name the files in it" : $"there is no file '{path}'"));
        _ours.Validators.Add(result => Each(result, text => OurAddress.Parse(text) is null ? $"--our is '{text}'; expected an address such as 192.0.2.1, 192.0.2.1:5060, [2001:db8::1]:5060 or 192.0.2.0/24" : null));
        _map.Validators.Add(result => Each(result, text => Mapping(text) is not var (_, field) ? $"--map is '{text}'; expected COLUMN=FIELD, such as src=caller" : CsvColumns.WhyNot(field) is { } wrong ? $"--map is '{text}'; {wrong}" : null));
        _delimiter.Validators.Add(result => Each(result, text => DelimiterOf(text) is null ? $"--delimiter is '{text}'; expected one character that is no letter, digit or quotation mark, or 'tab'" : null));
        _timeFormats.Validators.Add(result => Each(result, text => TimeFormat.Parse(text) is null ? $"--time-format is '{text}'; expected a form with day, month, year, hour and minute, such as \"dd.MM.yyyy HH:mm\" or \"%d.%m.%Y %H:%M\"" : null));
        _timeZone.Validators.Add(result => Each(result, text => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) ? null : $"--time-zone is '{text}'; expected a zone of the time zone database, such as Europe/Berlin or UTC"));
    }

    public ImportRequest Read(ParseResult result) => new(
        [.. result.GetValue(_files)!.Distinct(StringComparer.Ordinal)],
        result.GetValue(_trunk),
        [.. (result.GetValue(_ours) ?? []).Select(text => OurAddress.Parse(text)!)],
        new CsvOptions
        {
            Map = [.. (result.GetValue(_map) ?? []).Select(text => Mapping(text)!.Value)],
            Delimiter = result.GetValue(_delimiter) is { } text ? DelimiterOf(text) : null,
            TimeZone = result.GetValue(_timeZone) is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : null,
            TimeFormats = [.. (result.GetValue(_timeFormats) ?? []).Select(text => TimeFormat.Parse(text)!)],
            Trunk = result.GetValue(_trunk),
        },
        result.GetValue(_dryRun));

    private static void Each(SymbolResult result, Func<string, string?> whyNot)
    {
        foreach (var token in result.Tokens)
        {
            if (whyNot(token.Value) is { } wrong)
                result.AddError(wrong);
        }
    }

    // A column's name may itself have an equals sign; a field's has none but behind "header.".
    private static (string Column, string Field)? Mapping(string text) =>
        text.LastIndexOf('=') is > 0 and var at && at < text.Length - 1 ? (text[..at].Trim(), text[(at + 1)..].Trim()) : null;

    private static char? DelimiterOf(string text) => text switch
    {
        "tab" or "\\t" or "\t" => '\t',
        [var c] when !char.IsLetterOrDigit(c) && c is not ('"' or '\r' or '\n') => c,
        _ => null,
    };
}

/// <summary>What the command line asks to be imported.</summary>
/// <param name="Files">The files.</param>
/// <param name="Trunk">The trunk that imported calls count as; null for what the configuration or the table says.</param>
/// <param name="Ours">Which addresses are ours.</param>
/// <param name="Csv">How tables are read.</param>
/// <param name="IsDryRun">Whether nothing is to be stored.</param>
internal sealed record ImportRequest(IReadOnlyList<string> Files, string? Trunk, IReadOnlyList<OurAddress> Ours, CsvOptions Csv, bool IsDryRun);
