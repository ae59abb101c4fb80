using System.CommandLine;
using EventCalls.Bus;
using EventCalls.Contracts.Findings;
using EventCalls.Host.Commands.Doctor;
using EventCalls.Host.Composition;
using EventCalls.Host.Configuration;
using EventCalls.Store;
using EventCalls.Store.Checks;
using EventCalls.Telephony.Checks;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls doctor</c>: what is reachable and what is missing, in plain words.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("doctor", "Says what is reachable, what is missing, and what to do about it; changes nothing.");
        var roles = RolesOption.Create("what these need is looked at, and for all of them when left out");
        command.Add(roles);
        var json = JsonOption.AddTo(command, "One JSON object with all findings.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(roles), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? roleNames, bool asJson, CancellationToken ct)
    {
        var report = new DoctorReport(context, asJson);
        Settings settings;
        IReadOnlySet<Role> roles;
        try
        {
            settings = context.LoadSettings();
            roles = Roles.Parse(roleNames, settings);
        }
        catch (SettingsException e)
        {
            foreach (var error in e.Errors)
                report.Add(Finding.Failed("configuration", error, "Correct it; a key that is left out has its default.", FindingFault.Configuration));
            return report.Finish();
        }
        report.Add(Finding.Ok("configuration", $"node {settings.Telephony.Node}, {string.Join(", ", roles.Order().Select(r => r.ToString().ToLowerInvariant()))}"));
        foreach (string problem in RoleSettings.Problems(settings, roles))
            report.Add(Finding.Failed("configuration", problem, "Until then 'eventcalls run' does not start.", FindingFault.Configuration));
        if (SecretWarnings.OverHttp(settings) is { } open)
            report.Add(Finding.Warning("webhook", open, "Use https."));
        foreach (string read in settings.Webhooks.Select(w => w.ReadOnTheWay).OfType<string>())
            report.Add(Finding.Warning("webhook", read, "Use https."));
        var waiting = new List<Task<IReadOnlyList<Finding>>>();
        if (roles.Contains(Role.Ingress))
        {
            foreach (var point in settings.Telephony.Listen)
                report.Add(PortCheck.OfSip(point));
        }
        if (RoleSettings.ServesHttp(settings, roles))
            report.Add(PortCheck.OfHttp(settings.Http.Listen!));
        // What waits for others waits at the same time.
        if (roles.Contains(Role.Ingress))
            waiting.Add(TrunkCheck.RunAsync(settings.Telephony, settings.UsesSampleTrunks, context.Time, ct));
        waiting.Add(OneAsync(BusCheck.RunAsync(settings.Bus, ct)));
        if (RoleSettings.KeepsSpool(settings, roles) && WritableFolder.Problem(settings.Spool.Folder) is null)
            report.Add(SpoolCheck.Run(settings.Spool));
        if (RoleSettings.UsesStore(settings, roles))
            waiting.Add(StoreCheck.RunAsync(settings.Store, StoreChoice.Open, context.Time, ct));
        // That there is none was said as the configuration's.
        if (roles.Contains(Role.Router) && (settings.Router.Webhook is not null || Directory.Exists(settings.Router.LogicPath)))
            waiting.Add(OneAsync(RoutingCheck.RunAsync(settings.Router, context.Time, ct)));
        foreach (var findings in waiting)
            report.AddAll(await findings.ConfigureAwait(false));
        return report.Finish();
    }

    private static async Task<IReadOnlyList<Finding>> OneAsync(Task<Finding> finding) => [await finding.ConfigureAwait(false)];
}
