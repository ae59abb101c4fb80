using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;
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
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(folder)!, result.GetValue(json), ct));
        return command;
    }

    /// <summary>Writes what is wrong with the logic, a line each: <c>file(line,col): message</c>.</summary>
    public static void WriteRefusal(CommandContext context, string folder, LogicCheck check)
    {
        foreach (var diagnostic in check.Diagnostics)
            context.Error.WriteLine(PlainText.Of(diagnostic.ToString()));
        context.Error.WriteLine($"The routing logic in {PlainText.Of(folder)} cannot be used: {Count(check.Diagnostics.Count, "diagnostic")}.");
    }

    private static async Task<int> RunAsync(CommandContext context, string folder, bool asJson, CancellationToken ct)
    {
        var check = await DeciderChoice.CheckAsync(Path.GetFullPath(folder, context.Folder), context.Time, ct).ConfigureAwait(false);
        using var logic = check.Logic;
        // Only a configuration that has destinations says which names there are.
        if (logic is not null && context.LoadSettings().Router.Handoffs is { All.Count: > 0 } handoffs && DestinationUse.Unknown(logic.Sources, [.. handoffs.All.Select(d => d.Name)], ct) is { Count: > 0 } unknown)
            check = check with { Logic = null, Diagnostics = unknown };
        if (asJson)
            new JsonLines(context.Out).Write(new CheckObject(check), LogicJson.Default.CheckObject);
        else if (check.Ok)
            WritePlain(context, check);
        else
            WriteRefusal(context, folder, check);
        return check.Ok ? ExitCodes.Done : ExitCodes.NotSo;
    }

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
