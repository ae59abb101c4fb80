using System.CommandLine;
using EventCalls.Host.Commands.Doctor;
using EventCalls.Host.Configuration;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls doctor</c>: what is reachable and what is missing, in plain words.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("doctor", "Says what is reachable, what is missing, and what to do about it; changes nothing.");
        var json = JsonOption.AddTo(command, "One JSON object with all findings.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool asJson, CancellationToken ct)
    {
        var report = new DoctorReport(context, asJson);
        Settings settings;
        try
        {
            settings = context.LoadSettings();
        }
        catch (SettingsException e)
        {
            foreach (var error in e.Errors)
                report.Add(Finding.Failed("configuration", error, "Correct the key, or leave it out for its default.", ExitCodes.BadUsage));
            return report.Finish();
        }
        report.Add(Finding.Ok("configuration", $"node {settings.Telephony.Node}"));
        if (SecretWarnings.OverHttp(settings) is { } open)
            report.Add(Finding.Warning("webhook", open, "Use https."));
        foreach (var point in settings.Telephony.Listen)
            report.Add(PortCheck.OfSip(point));
        if (settings.HttpListen is { } http)
            report.Add(PortCheck.OfHttp(http));
        // What waits for others waits at the same time.
        var trunks = TrunkCheck.RunAsync(settings.Telephony.Trunks, settings.UsesSampleTrunks, ct);
        var bus = BusCheck.RunAsync(settings.Bus, ct);
        var store = StoreCheck.RunAsync(settings.Store, context.Time, ct);
        report.AddAll(await trunks.ConfigureAwait(false));
        report.Add(await bus.ConfigureAwait(false));
        report.AddAll(await store.ConfigureAwait(false));
        report.Add(await RoutingCheck.RunAsync(settings.Router, ct).ConfigureAwait(false));
        return report.Finish();
    }
}
