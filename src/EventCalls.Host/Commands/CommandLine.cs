using System.CommandLine;
using EventCalls.Bus;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Replay.Reports;
using EventCalls.Sip.Transport;
using EventCalls.Store;
using EventCalls.Store.Spooling;

namespace EventCalls.Host.Commands;

/// <summary>The program's command line: its commands, and how errors end it.</summary>
internal static class CommandLine
{
    /// <summary>Runs what the arguments say; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, string folder, TextWriter output, TextWriter error, TimeProvider time, CancellationToken cancellationToken = default)
    {
        // Whatever the commands write, and whatever of it came from outside.
        (output, error) = (new PlainWriter(output), new PlainWriter(error));
        try
        {
            var overrides = CommandLineOverrides.Take(args, out string[] rest);
            // The service logs it.
            foreach (string warning in rest is ["run", ..] ? [] : SecretWarnings.Of(overrides))
                await error.WriteLineAsync(warning);
            var parsed = Create(new CommandContext(overrides, folder, output, error, time)).Parse(rest);
            if (parsed.Errors.Count > 0)
            {
                foreach (string line in UsageErrors.Of(parsed))
                    await error.WriteLineAsync(line);
                return ExitCodes.BadUsage;
            }
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellationToken);
        }
        catch (SettingsException e)
        {
            foreach (string problem in e.Errors)
                await error.WriteLineAsync(problem);
            return ExitCodes.BadUsage;
        }
        catch (ListenException e)
        {
            await error.WriteLineAsync($"EventCalls:Sip:Listen: {e.Message}; choose a free address and port, or stop the program that has it");
            return ExitCodes.BadUsage;
        }
        catch (Exception e) when (e is BusRefusedException or NodeNameTakenException or SpoolException or ReportFileException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.BadUsage;
        }
        catch (Exception e) when (e is StoreUnreachableException or DamagedEventException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Unreachable;
        }
    }

    internal static RootCommand Create(CommandContext context) =>
        new("EventCalls: routes, transfers and records SIP calls.\n\nConfiguration: appsettings.json in the working folder (or --config FILE), environment EventCalls__Key, command line --EventCalls:Key=value.\nExit codes: 0 done; 1 the thing asked about is not so; 2 bad usage or configuration; 3 something needed is unreachable.")
        {
            DemoCommand.Create(context),
            ConfigurationHelp.AddTo(RunCommand.Create(context)),
            ConfigurationHelp.AddTo(CallsCommand.Create(context)),
            ConfigurationHelp.AddTo(ImportCommand.Create(context)),
            ConfigurationHelp.AddTo(ReplayCommand.Create(context)),
            ConfigurationHelp.AddTo(HistoryCommand.Create(context)),
            ConfigurationHelp.AddTo(LogicCommand.Create(context)),
            ConfigurationHelp.AddTo(ValuesCommand.Create(context)),
            ConfigurationHelp.AddTo(StatsCommand.Create(context)),
            ConfigurationHelp.AddTo(StoreCommand.Create(context)),
            ConfigurationHelp.AddTo(DoctorCommand.Create(context)),
            ConfigurationHelp.AddTo(HealthCommand.Create(context)),
            ConfigurationHelp.AddTo(KeysCommand.Create(context)),
            ConfigCommand.Create(context),
            CompletionCommand.Create(context),
        };
}
