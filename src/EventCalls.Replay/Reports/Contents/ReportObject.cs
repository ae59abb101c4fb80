using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>The report as the JSON object that <c>docs/replay-report.schema.json</c> describes: the names of the members here are a promise, and so are those of the records in it.</summary>
/// <param name="report">The report.</param>
/// <param name="changes">The changed calls, which are asked for while the object is written.</param>
internal sealed class ReportObject(ReplayReport report, IEnumerable<WrittenObject> changes)
{
    // The members are written in the order in which they stand here; that of the records is theirs.
    public long Calls => report.Totals.Calls;

    public long Same => report.Totals.Same;

    public long Changed => report.Totals.Changed;

    public long Expected => report.Totals.Expected;

    public long Errors => report.Totals.Errors;

    public long NotReplayable => report.Totals.NotReplayable;

    public long Nondeterministic => report.Totals.Nondeterministic;

    public ReportShares Percent => new(report.Totals);

    /// <summary>The version that decided most calls.</summary>
    public string? Baseline => Baselines is [{ } first, ..] ? first.Version : null;

    public IReadOnlyList<ReportBaseline> Baselines { get; } =
        [.. report.Run.Baseline.OrderByDescending(b => b.Value).ThenBy(b => b.Key, StringComparer.Ordinal).Select(b => new ReportBaseline(b.Key, b.Value))];

    public string Candidate => report.Run.Candidate;

    public BaselineReport? TwoSided => report.Baseline;

    public ReportedRun Run => new(report.Run, report.LiveLookups);

    public IReadOnlyList<string> Tripped => report.Tripped;

    public IReadOnlyList<ExpectedReport> ExpectedChanges => report.Expected;

    public IReadOnlyList<Move> Flows => report.Flows.Items;

    public long FlowsOmitted => report.Flows.Omitted;

    public IReadOnlyList<Move> Targets => report.Targets.Items;

    public long TargetsOmitted => report.Targets.Omitted;

    public IReadOnlyList<FieldCount> Fields => report.Fields.Items;

    public long FieldsOmitted => report.Fields.Omitted;

    public IReadOnlyList<ChangeGroup> Groups => report.Groups.Items;

    public long GroupsOmitted => report.Groups.Omitted;

    public IReadOnlyList<ErrorGroup> ErrorGroups => report.ErrorGroups.Items;

    public long ErrorGroupsOmitted => report.ErrorGroups.Omitted;

    public IReadOnlyList<UnrecordedGroup> NotReplayableGroups => report.Unrecorded.Items;

    public long NotReplayableGroupsOmitted => report.Unrecorded.Omitted;

    public IReadOnlyList<NondeterministicGroup> NondeterministicGroups => report.Nondeterministic.Items;

    public long NondeterministicGroupsOmitted => report.Nondeterministic.Omitted;

    public MatchesNothing MatchesNothing => report.MatchesNothing;

    public WhatIf WhatIf => report.WhatIf;

    public IEnumerable<WrittenObject> Changes => changes;
}

/// <summary>How many calls came out how, percent of all.</summary>
internal sealed class ReportShares(ReportTotals totals)
{
    public double Same => Of(totals.Same);

    public double Changed => Of(totals.Changed);

    public double Expected => Of(totals.Expected);

    public double Errors => Of(totals.Errors);

    public double NotReplayable => Of(totals.NotReplayable);

    public double Nondeterministic => Of(totals.Nondeterministic);

    private double Of(long count) => Math.Round(totals.Percent(count), 4);
}

/// <summary>A version of the logic, and how many of the calls it had decided.</summary>
internal sealed record ReportBaseline(string Version, long Calls);

/// <summary>What was replayed against what.</summary>
internal sealed class ReportedRun(ReplayRun run, long liveLookups)
{
    public string CandidateName => run.CandidateName;

    public string Store => run.Store;

    public DateTime? From => run.Query.From?.UtcDateTime;

    public DateTime? To => run.Query.To?.UtcDateTime;

    public int? Limit => run.Query.Limit;

    public string Where => run.Where;

    public bool LiveLookups => run.LiveLookups;

    public long LiveLookupsAsked => liveLookups;

    public DateTime BeganAt => run.BeganAt.UtcDateTime;

    public double ElapsedSeconds => Math.Round(run.Elapsed.TotalSeconds, 3);

    public bool Cancelled => run.Cancelled;
}

/// <summary>An object that has been written already, in UTF-8.</summary>
[JsonConverter(typeof(AsItIs))]
internal readonly record struct WrittenObject(ReadOnlyMemory<byte> Json)
{
    /// <summary>Puts the object in as it is.</summary>
    internal sealed class AsItIs : JsonConverter<WrittenObject>
    {
        /// <inheritdoc />
        public override WrittenObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        /// <inheritdoc />
        public override void Write(Utf8JsonWriter writer, WrittenObject value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
    }
}

/// <summary>How the report and its changed calls are written and read; how texts are escaped is the writers' to say.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportObject))]
[JsonSerializable(typeof(ChangedCall))]
internal sealed partial class ReportContext : JsonSerializerContext;
