using System.CommandLine;
using System.Runtime.InteropServices;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Host.Demo;
using EventCalls.Simulation.Live;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls demo</c>: the whole of it at once, on the loopback interface.</summary>
internal static class DemoCommand
{
    public static Command Create(CommandContext context)
    {
        var calls = WholeNumber.Option("--calls", $"How many calls, 1 to {DemoOptions.MostCalls}.", $"a whole number; 1 to {DemoOptions.MostCalls} are possible", 1, DemoOptions.MostCalls);
        calls.DefaultValueFactory = _ => 24;
        var seed = WholeNumber.Option("--seed", "Makes other callers, headers and talking times.", "a whole number", int.MinValue);
        seed.HelpName = "S";
        seed.DefaultValueFactory = _ => 1;
        var stay = new Option<bool>("--stay") { Description = "Serves the console and the HTTP API on a free port of the loopback interface, and goes on after the last call until Ctrl+C." };
        var command = new Command("demo", "Plays calls over real SIP on the loopback interface: a simulated trunk calls in, logic routes, transfers succeed and fail, everything is stored. Exit code 0 only if every call ended as expected.")
        {
            calls,
            seed,
            stay,
        };
        var json = JsonOption.AddTo(command, "One JSON object with the result, and nothing else on standard output.");
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, new DemoOptions(parsed.GetValue(calls)!.Value, parsed.GetValue(seed)!.Value), parsed.GetValue(json), cancellationToken, parsed.GetValue(stay)));
        return command;
    }

    /// <summary>Plays the demo and tells of it; returns the exit code.</summary>
    internal static async Task<int> RunAsync(CommandContext context, DemoOptions options, bool json, CancellationToken cancellationToken, bool stays = false)
    {
        if (json && stays)
            throw new SettingsException(["--stay: is for people; leave it out, or --json"]);
        if (context.Overrides is { Values: [var (key, _), ..] })
            throw new SettingsException([$"--{key}: the demo configures itself; leave it out, or use 'eventcalls run'"]);
        if (context.Overrides.ConfigFile is { } file)
            throw new SettingsException([$"--config {file}: the demo configures itself; leave it out, or use 'eventcalls run'"]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // The second one ends the program as usual.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
        string folder = Directory.CreateTempSubdirectory("eventcalls-demo-").FullName;
        using var log = new DemoLog(Path.Combine(folder, "warnings.log"), context.Time);
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log));
        var screen = json ? null : new DemoScreen(Screen.On(context.Out));
        screen?.Starting(options.Calls);
        long from = context.Time.GetTimestamp();
        bool isTold = false;
        var result = await new DemoRun(options, folder, screen, context.Time, loggers, stays ? Stay : null).PlayAsync(stop.Token);
        if (screen is null)
            new JsonLines(context.Out).Write(new DemoObject(result), HostJson.Default.DemoObject);
        else if (!isTold)
            Tell(result);
        DemoComplaints.Write(context.Error, result);
        if (log.Warnings > 0)
            await context.Error.WriteLineAsync($"The node warned {log.Warnings} times: {log.Path}");
        return result.IsAsExpected ? ExitCodes.Done : ExitCodes.NotSo;

        void Tell(DemoResult result)
        {
            screen!.Summary(result, context.Time.GetElapsedTime(from), NextCommands.For(result));
            if (!stays)
                screen.ToStay();
        }

        void Stay(DemoResult result, Uri console)
        {
            isTold = true;
            Tell(result);
            screen!.Staying(result, console);
        }
    }
}
