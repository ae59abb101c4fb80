using EventCalls.Contracts;
using EventCalls.Import;

namespace EventCalls.Host.Commands.Import;

/// <summary>What an import came to, as one JSON object.</summary>
internal static class ImportJson
{
    public static void Write(TextWriter output, ImportResult result, bool isDryRun, string store) => new JsonLines(output).WriteObject(json =>
    {
        json.WriteStartArray("files");
        foreach (var file in result.Files)
        {
            json.WriteStartObject();
            json.WriteString("file", file.Path);
            json.WriteString("format", file.Format);
            json.WriteNumber("packets", file.Packets);
            json.WriteNumber("messages", file.Messages);
            json.WriteNumber("rows", file.Rows);
            json.WriteNumber("calls", file.Calls);
            json.WriteStartArray("unusedColumns");
            foreach (string column in file.UnusedColumns)
                json.WriteStringValue(column);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("packets", result.Files.Sum(file => file.Packets));
        json.WriteNumber("messages", result.Files.Sum(file => file.Messages));
        json.WriteNumber("rows", result.Files.Sum(file => file.Rows));
        json.WriteNumber("calls", result.Calls);
        json.WriteNumber("imported", result.Imported);
        json.WriteNumber("alreadyThere", result.AlreadyThere);
        json.WriteNumber("unassignedLegs", result.UnassignedLegs);
        json.WriteStartObject("transfers");
        foreach (var (outcome, count) in result.Transfers)
            json.WriteNumber(WireName.Of(outcome), count);
        json.WriteEndObject();
        json.WriteBoolean("dryRun", isDryRun);
        json.WriteString("store", store);
        json.WriteNumber("problemCount", result.Problems.Count);
        json.WriteStartArray("problems");
        foreach (var problem in result.Problems.Listed)
        {
            json.WriteStartObject();
            json.WriteString("file", problem.File);
            json.WriteString("at", problem.At);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
