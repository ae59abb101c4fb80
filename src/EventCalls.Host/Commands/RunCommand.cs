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
        var command = new Command("run", "Runs the service until SIGTERM. Prints one line, 'ready', when SIP, bus and store are up; logs go to standard error.") { roles };
        var json = JsonOption.AddTo(command, "logs as JSON, one object a line; standard output stays the same");
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(roles), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? roleNames, bool json, CancellationToken cancellationToken)
    {
        var settings = context.LoadSettings();
        var roles = Roles.Parse(roleNames, settings);
        RoleSettings.Check(settings, roles);
        using var loggers = Loggers(settings.LogLevel, json);
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
        await using var health = settings.HealthSocket is { } path ? HealthSocket.Open(path, node.HealthAsync, context.Time, loggers.CreateLogger<HealthSocket>()) : null;
        try
        {
            await node.StartAsync(stop.Token);
            await context.Out.WriteLineAsync("ready");
            await context.Out.FlushAsync(stop.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        await node.StopAsync(hurry.Token);
        return ExitCodes.Done;
    }

    // Standard output is for data: what is logged goes to standard error, all of it.
    private static ILoggerFactory Loggers(LogLevel level, bool json) => LoggerFactory.Create(logging =>
    {
        const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";
        logging.SetMinimumLevel(level)
            .AddFilter("MassTransit", level < LogLevel.Information ? level : LogLevel.Warning);
        if (json)
        {
            logging.AddJsonConsole(o =>
            {
                o.TimestampFormat = Time;
                o.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = Time + " ";
                o.UseUtcTimestamp = true;
                o.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
