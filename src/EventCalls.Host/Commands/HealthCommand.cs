using System.CommandLine;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Host.Health;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls health</c>: asks the running process how it is; nothing but the process itself is looked at.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    public static Command Create(CommandContext context)
    {
        var live = new Option<bool>("--live") { Description = "Exit code 0 as long as the process answers, whatever it says: for what restarts a process that hangs." };
        var command = new Command("health", "Asks the running service, at the socket EventCalls:Health:Socket, whether it does its work. Exit code 0 when it is ready and has what it needs, 1 when not, 3 when no process answers.") { live };
        var json = JsonOption.AddTo(command, "One JSON object, as the process gave it.");
        command.SetAction((parsed, ct) => RunAsync(context, parsed.GetValue(live), parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool live, bool asJson, CancellationToken ct)
    {
        if (context.LoadSettings().HealthSocket is not { } path)
            throw new Configuration.SettingsException(["EventCalls:Health:Socket is not set; give the service and this command the same path, such as /run/eventcalls/health.sock"]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_longest);
        HealthReport? report = null;
        try
        {
            report = await HealthSocket.AskAsync(path, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Said below: a process that does not answer is as good as none.
        }
        if (report is null)
        {
            await context.Error.WriteLineAsync($"No process answers at {path}. Start the service (eventcalls run) with the same EventCalls:Health:Socket.").ConfigureAwait(false);
            return ExitCodes.Unreachable;
        }
        if (asJson)
            await context.Out.WriteLineAsync(JsonSerializer.Serialize(report, HealthJson.Default.HealthReport)).ConfigureAwait(false);
        else
            Write(context.Out, report);
        return report.Ok || live ? ExitCodes.Done : ExitCodes.NotSo;
    }

    /// <summary>Writes a report for people.</summary>
    internal static void Write(TextWriter output, HealthReport report)
    {
        int width = report.Checks.Select(check => check.Check.Length).Append(0).Max() + 2;
        output.WriteLine($"{report.Status}: {report.Node}, {string.Join(", ", report.Roles)}, since {UtcTime.Seconds(report.Since)}");
        foreach (var check in report.Checks)
            output.WriteLine($"{(check.Ok ? "ok" : "failed"),-9}{check.Check.PadRight(width)}{PlainText.Of(check.Message)}");
    }
}
