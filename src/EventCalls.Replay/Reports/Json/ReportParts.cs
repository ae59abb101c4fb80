using System.Text.Json;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Json;

/// <summary>The lists of the report as JSON.</summary>
internal static class ReportParts
{
    public static void Write(Utf8JsonWriter writer, ReplayReport report)
    {
        WriteListing(writer, "flows", report.Flows, m => WriteMove(writer, m));
        WriteListing(writer, "targets", report.Targets, m => WriteMove(writer, m));
        WriteListing(writer, "fields", report.Fields, f => WriteField(writer, f));
        WriteListing(writer, "groups", report.Groups, g => WriteGroup(writer, g));
        WriteListing(writer, "errorGroups", report.ErrorGroups, e => WriteError(writer, e));
        WriteListing(writer, "notReplayableGroups", report.Unrecorded, u =>
        {
            writer.WriteString("unrecorded", u.Unrecorded);
            writer.WriteNumber("calls", u.Calls);
            WriteIds(writer, u.Examples);
        });
        writer.WriteStartObject("matchesNothing");
        writer.WriteNumber("was", report.MatchesNothing.Was);
        writer.WriteNumber("now", report.MatchesNothing.Now);
        writer.WriteNumber("noLonger", report.MatchesNothing.NoLonger);
        writer.WriteNumber("newly", report.MatchesNothing.Newly);
        WriteListing(writer, "callees", report.MatchesNothing.Callees, n =>
        {
            writer.WriteString("number", n.Number);
            writer.WriteNumber("calls", n.Calls);
        });
        WriteIds(writer, report.MatchesNothing.Examples);
        writer.WriteEndObject();
    }

    /// <summary>A list, and how many calls are in none of its items.</summary>
    public static void WriteListing<T>(Utf8JsonWriter writer, string name, Listing<T> listing, Action<T> members)
    {
        writer.WriteStartArray(name);
        foreach (var item in listing.Items)
        {
            writer.WriteStartObject();
            members(item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber(name + "Omitted", listing.Omitted);
    }

    private static void WriteMove(Utf8JsonWriter writer, Move move)
    {
        writer.WriteString("from", move.From);
        writer.WriteString("to", move.To);
        writer.WriteNumber("calls", move.Calls);
    }

    private static void WriteField(Utf8JsonWriter writer, FieldCount field)
    {
        writer.WriteString("field", field.Field);
        writer.WriteNumber("calls", field.Calls);
    }

    private static void WriteGroup(Utf8JsonWriter writer, ChangeGroup group)
    {
        writer.WriteNumber("retry", group.Retry);
        WriteTexts(writer, "fromFlows", group.FromFlows);
        writer.WriteString("toFlow", group.ToFlow);
        writer.WriteString("fromTarget", group.FromTarget);
        writer.WriteString("toTarget", group.ToTarget);
        writer.WriteString("changedFields", group.ChangedFields);
        writer.WriteNumber("calls", group.Calls);
        writer.WriteNumber("others", group.Others);
        writer.WriteNumber("unchanged", group.Unchanged);
        writer.WriteString("finding", JsonSerializer.SerializeToElement(group.Finding).GetString());
        writer.WriteBoolean("sampled", group.IsSampled);
        writer.WriteNumber("sampledCalls", group.SampledCalls);
        writer.WriteNumber("sampledOthers", group.SampledOthers);
        writer.WriteNumber("unexplained", group.Unexplained);
        writer.WriteStartArray("causes");
        foreach (var cause in group.Causes)
            WriteCause(writer, cause);
        writer.WriteEndArray();
        WriteListing(writer, "fields", group.Fields, f => WriteField(writer, f));
        WriteListing(writer, "values", group.Values, v =>
        {
            writer.WriteString("field", v.Field);
            writer.WriteString("was", v.Was);
            writer.WriteString("now", v.Now);
            writer.WriteNumber("calls", v.Calls);
        });
        WriteIds(writer, group.Examples);
    }

    private static void WriteCause(Utf8JsonWriter writer, Cause cause)
    {
        writer.WriteStartObject();
        writer.WriteString("text", cause.Text);
        writer.WriteStartArray("conditions");
        foreach (var condition in cause.Conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", condition.Kind);
            writer.WriteString("name", condition.Name);
            WriteTexts(writer, "values", condition.Values);
            writer.WriteString("text", condition.Text);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        WriteShare(writer, "changed", cause.Changed);
        WriteShare(writer, "others", cause.Others);
        writer.WriteNumber("coverage", Math.Round(cause.Changed.Fraction, 6));
        writer.WriteNumber("precision", Math.Round(cause.Precision, 6));
        WriteTexts(writer, "equivalents", cause.Equivalents);
        writer.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter writer, ErrorGroup error)
    {
        writer.WriteString("cause", JsonSerializer.SerializeToElement(error.Cause).GetString());
        writer.WriteString("exceptionType", error.ExceptionType);
        writer.WriteString("file", error.File);
        if (error.Line is { } line)
            writer.WriteNumber("line", line);
        else
            writer.WriteNull("line");
        writer.WriteString("message", error.Message);
        writer.WriteNumber("calls", error.Calls);
        WriteIds(writer, error.Examples);
    }

    private static void WriteShare(Utf8JsonWriter writer, string name, Share share)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("count", share.Count);
        writer.WriteNumber("of", share.Of);
        writer.WriteEndObject();
    }

    /// <summary>A list of texts.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteIds(Utf8JsonWriter writer, IReadOnlyList<Guid> calls)
    {
        writer.WriteStartArray("examples");
        foreach (var call in calls)
            writer.WriteStringValue(call);
        writer.WriteEndArray();
    }
}
