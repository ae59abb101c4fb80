using System.CommandLine;
using System.Runtime.InteropServices;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Replay;
using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls replay</c>: decides past calls again with other logic.</summary>
internal static class ReplayCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("replay", "Decides past calls again with a candidate logic and says which would go elsewhere; nothing is called, nothing is recorded.");
        var arguments = new ReplayArguments(command);
        command.SetAction((parsed, ct) => arguments.SelfRequest(parsed) is { } self
            ? StoppableAsync(context, stop => SelfReplayFromShell.RunAsync(context, self, stop), ct)
            : RunAsync(context, arguments.Request(parsed), ct));
        return command;
    }

    /// <summary>Does what was asked for, to be stopped by Ctrl-C, and gives the exit code.</summary>
    internal static Task<int> RunAsync(CommandContext context, ReplayRequest request, CancellationToken cancellationToken)
    {
        if (request.Webhook is null && (request.Rate is not null ? "--rate" : request.AuthorizationFile is not null ? "--authorization-file" : null) is { } only)
            throw new SettingsException([$"{only} is for a web service, and --logic is '{PlainText.Of(request.Logic)}'; give its URL, or leave {only} out"]);
        return StoppableAsync(context, stop => ReplayFromShell.RunAsync(context, request, stop), cancellationToken);
    }

    /// <summary>Decides past calls, to be stopped by Ctrl-C, and gives the exit code.</summary>
    internal static async Task<int> StoppableAsync(CommandContext context, Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // The second one ends the program as usual.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
        try
        {
            return await run(stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UnknownCallException or CandidateHangsException or NoDeciderException or InvalidDataException)
        {
            await context.Error.WriteLineAsync(PlainText.Of(e.Message)).ConfigureAwait(false);
            return ExitCodes.NotSo;
        }
    }
}
