using System.CommandLine;
using System.Runtime.InteropServices;
using EventCalls.Host.Composition;
using EventCalls.Host.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls run</c>: the service.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var roles = new Option<string?>("--roles") { Description = "ingress, router and recorder, separated by commas; all of them when left out", HelpName = "ROLES" };
        var command = new Command("run", "Runs the service until SIGTERM. Prints one line, 'ready', when SIP, bus and store are up; logs go to standard error.") { roles };
        var json = JsonOption.AddTo(command, "logs as JSON, one object a line; standard output stays the same");
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(roles), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? roleNames, bool json, CancellationToken cancellationToken)
    {
        var settings = context.LoadSettings();
        var roles = Roles.Parse(roleNames, settings);
        using var loggers = Loggers(settings.LogLevel, json, context.Time);
        var log = loggers.CreateLogger("EventCalls.Host.Configuration");
        foreach (string warning in SecretWarnings.Of(context.Overrides))
            log.LogWarning("{Warning}", warning);
        if (SecretWarnings.OverHttp(settings) is { } open)
            log.LogWarning("{Warning} Use https.", open);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A second signal does not wait for the open calls any more.
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
        await using var node = new EventCallsNode(settings, roles, context.Time, loggers);
        Exception? refusal = null;
        try
        {
            await node.StartAsync(stop.Token);
            await context.Out.WriteLineAsync("ready");
            await context.Out.FlushAsync(stop.Token);
            refusal = await node.NameLost.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        await node.StopAsync(hurry.Token);
        if (refusal is not null)
            throw refusal;
        return ExitCodes.Done;
    }

    // Standard output is for data: what is logged goes to standard error, all of it.
    private static ILoggerFactory Loggers(LogLevel level, bool json, TimeProvider time) => LoggerFactory.Create(logging => Configure(logging, level, json, time));

    /// <summary>Sets up what is logged, and how.</summary>
    internal static void Configure(ILoggingBuilder logging, LogLevel level, bool json, TimeProvider time)
    {
        logging.SetMinimumLevel(level)
            .AddFilter("MassTransit", level < LogLevel.Information ? level : LogLevel.Warning);
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
