using System.Globalization;
using EventCalls.Contracts;
using Spectre.Console;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Shows how far a replay is, on standard error and only when that is a terminal: a bar, the rate and the time left.</summary>
internal sealed class ReplayProgress(CommandContext context, long total)
{
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(100);

    private readonly bool _isShown = ReferenceEquals(PlainWriter.Within(context.Error), System.Console.Error) && !System.Console.IsErrorRedirected;
    private long _done;

    /// <summary>One more call is decided.</summary>
    public void Add() => Interlocked.Increment(ref _done);

    /// <summary>Calls that had been decided before.</summary>
    public void Skip(long calls) => Interlocked.Add(ref _done, calls);

    /// <summary>Runs the work with the bar below it.</summary>
    public async Task ShowAsync(Func<Task> work)
    {
        if (!_isShown)
        {
            await work().ConfigureAwait(false);
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("Deciding again", maxValue: Math.Max(1, total));
                long began = context.Time.GetTimestamp();
                long before = Interlocked.Read(ref _done);
                var running = work();
                while (await Task.WhenAny(running, Task.Delay(s_redraw, context.Time)).ConfigureAwait(false) != running)
                    Draw(bar, began, before);
                Draw(bar, began, before);
                await running.ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    private void Draw(ProgressTask bar, long began, long before)
    {
        long done = Interlocked.Read(ref _done);
        bar.Value = Math.Min(done, bar.MaxValue);
        double seconds = context.Time.GetElapsedTime(began).TotalSeconds;
        double rate = seconds > 0 ? (done - before) / seconds : 0;
        bar.Description = string.Create(CultureInfo.InvariantCulture, $"{done:#,0} of {total:#,0} calls, {rate:#,0}/s");
    }
}
