using System.CommandLine;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic check DIR</c>: compiles a folder of routing logic and says whether it can be used.</summary>
internal static class LogicCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of the routing logic." };
        var command = new Command("check", "Compiles routing logic without using it.") { folder };
        var json = JsonOption.AddTo(command, "One JSON object: whether it can be used, version, flows and diagnostics.");
        command.SetAction((result, ct) => Task.FromResult(Run(context, result.GetValue(folder)!, result.GetValue(json), ct)));
        return command;
    }

    /// <summary>Writes what is wrong with the logic, a line each: <c>file(line,col): message</c>.</summary>
    public static void WriteRefusal(CommandContext context, string folder, LogicCheck check)
    {
        foreach (var diagnostic in check.Diagnostics)
            context.Error.WriteLine(PlainText.Of(diagnostic.ToString()));
        context.Error.WriteLine($"The routing logic in {PlainText.Of(folder)} cannot be used: {Count(check.Diagnostics.Count, "diagnostic")}.");
    }

    /// <summary>The member <c>diagnostics</c>.</summary>
    public static void WriteDiagnostics(Utf8JsonWriter writer, LogicCheck check)
    {
        writer.WriteStartArray("diagnostics");
        foreach (var diagnostic in check.Diagnostics)
        {
            writer.WriteStartObject();
            writer.WriteString("file", diagnostic.File);
            writer.WriteNumber("line", diagnostic.Line);
            writer.WriteNumber("column", diagnostic.Column);
            writer.WriteString("id", diagnostic.Id);
            writer.WriteString("message", diagnostic.Message);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static int Run(CommandContext context, string folder, bool asJson, CancellationToken ct)
    {
        var check = LogicFolder.Check(Path.GetFullPath(folder, context.Folder), ct);
        using var logic = check.Logic;
        if (asJson)
            WriteJson(context, check);
        else if (check.Ok)
            WritePlain(context, check);
        else
            WriteRefusal(context, folder, check);
        return check.Ok ? ExitCodes.Done : ExitCodes.NotSo;
    }

    private static void WriteJson(CommandContext context, LogicCheck check) => new JsonLines(context.Out).WriteObject(writer =>
    {
        writer.WriteBoolean("ok", check.Ok);
        writer.WriteString("version", check.Version);
        JsonParts.WriteTexts(writer, "flows", check.Flows);
        WriteDiagnostics(writer, check);
    });

    private static void WritePlain(CommandContext context, LogicCheck check)
    {
        context.Out.WriteLine($"The logic can be used: {check.Logic!.Name}");
        context.Out.WriteLine($"version  {check.Version}");
        context.Out.WriteLine($"flows    {(check.Flows.Count == 0 ? "none, Start decides alone" : string.Join(", ", check.Flows))}");
        foreach (var diagnostic in check.Diagnostics)
            context.Out.WriteLine(PlainText.Of(diagnostic.ToString()));
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
