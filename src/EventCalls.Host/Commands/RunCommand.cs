using System.CommandLine;
using System.Runtime.InteropServices;
using EventCalls.Host.Composition;
using EventCalls.Host.Configuration;
using EventCalls.Host.Health;
using Microsoft.Extensions.Logging.Console;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls run</c>: the service.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var roles = RolesOption.Create("all of them when left out");
        var command = new Command("run", "Runs the service until SIGTERM, SIGINT, SIGQUIT or SIGHUP; a second one hangs up at once. Ends with 3 when events could not be stored before the stop, with 1 when a part of it died. Prints one line, 'ready', when SIP, bus and store are up; logs go to standard error.") { roles };
        var json = JsonOption.AddTo(command, "logs as JSON, one object a line; standard output stays the same");
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(roles), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? roleNames, bool json, CancellationToken cancellationToken)
    {
        var settings = context.LoadSettings();
        var roles = Roles.Parse(roleNames, settings);
        RoleSettings.Check(settings, roles);
        using var loggers = Loggers(settings.LogLevel, json, context.Time);
        var log = loggers.CreateLogger("EventCalls.Host.Configuration");
        foreach (string warning in SecretWarnings.Of(context.Overrides))
            log.LogWarning("{Warning}", warning);
        if (SecretWarnings.OverHttp(settings) is { } open)
            log.LogWarning("{Warning} Use https.", open);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A second signal does not wait for the open calls any more; they are hung up.
        using var hurry = new CancellationTokenSource();
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (stop.IsCancellationRequested)
                hurry.Cancel();
            else
                stop.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal);
        await using var node = new EventCallsNode(settings, roles, context.Time, loggers);
        await using var health = settings.HealthSocket is { } path ? HealthSocket.Open(path, node.HealthAsync, context.Time, loggers.CreateLogger<HealthSocket>()) : null;
        Exception? refusal = null;
        var failed = EndWhenAsync(node.Failed, stop, hurry);
        try
        {
            await node.StartAsync(stop.Token);
            await context.Out.WriteLineAsync("ready");
            await context.Out.FlushAsync(stop.Token);
            refusal = await node.WhenNameLostAsync().WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        var report = await node.StopAsync(hurry.Token);
        if (!report.IsClean)
            await context.Error.WriteLineAsync($"eventcalls: {report}");
        if (refusal is not null)
            throw refusal;
        if (!node.Failed.IsCompleted)
            return report.IsClean ? ExitCodes.Done : ExitCodes.Unreachable;
        await context.Error.WriteLineAsync($"eventcalls: {await failed}");
        return ExitCodes.NotSo;
    }

    /// <summary>A process that lost a part of itself hangs up and ends: what starts it again helps more than what is left of it.</summary>
    private static async Task<string> EndWhenAsync(Task<string> failed, CancellationTokenSource stop, CancellationTokenSource hurry)
    {
        string why = await failed;
        await hurry.CancelAsync();
        await stop.CancelAsync();
        return why;
    }

    // Standard output is for data: what is logged goes to standard error, all of it.
    private static ILoggerFactory Loggers(LogLevel level, bool json, TimeProvider time) => LoggerFactory.Create(logging => Configure(logging, level, json, time));

    /// <summary>Sets up what is logged, and how.</summary>
    internal static void Configure(ILoggingBuilder logging, LogLevel level, bool json, TimeProvider time)
    {
        logging.SetMinimumLevel(level)
            .AddFilter("MassTransit", level < LogLevel.Information ? level : LogLevel.Warning)
            .AddFilter("Microsoft", level < LogLevel.Information ? level : LogLevel.Warning);
        logging.Services.AddSingleton(time);
        if (json)
        {
            // Its encoder escapes everything that is not plain ASCII.
            logging.AddJsonConsole(o =>
            {
                o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                o.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddConsole(o => o.FormatterName = PlainLogFormatter.FormatterName).AddConsoleFormatter<PlainLogFormatter, ConsoleFormatterOptions>();
        }
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
