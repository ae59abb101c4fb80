using System.Collections.Concurrent;
using EventCalls.Contracts;
using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders.Blocks;

/// <summary>Decides past calls in a process of its own, and in a fresh one after each that the logic ended: such a decision costs itself, and no other.</summary>
public sealed class BlockDecider : IDisposable
{
    // What an earlier decision left behind may end a process, too; who was there twice did it.
    private const int MostDeaths = 2;

    // Deaths between two decisions name no decision: then they are asked one at a time.
    private const int MostDeathsBetween = 2;

    private readonly BlockingCollection<Job> _jobs = [];
    private readonly BlockDeciderOptions _options;
    private readonly CompiledLogic _logic;
    private readonly TimeProvider _time;
    private readonly WireTexts _texts = new();
    private readonly Thread _thread;
    private volatile bool _isStopping;
    private BlockProcess? _process;
    private int _blocks;

    /// <param name="options">How it decides.</param>
    /// <param name="logic">The logic, compiled here or by another decider; stays the caller's.</param>
    /// <param name="time">The clock that watches over it.</param>
    public BlockDecider(BlockDeciderOptions options, CompiledLogic logic, TimeProvider time)
    {
        (_options, _logic, _time) = (options, logic, time);
        _thread = new Thread(Work, 256 * 1024) { IsBackground = true, Name = "decider of past calls" };
        _thread.Start();
    }

    /// <summary>The process that decides now; null when none runs.</summary>
    public int? ProcessId => Volatile.Read(ref _process)?.Id;

    /// <summary>Takes decisions of a block; the answers stand where they were asked for.</summary>
    /// <param name="block">The requests; not to be changed until they are answered.</param>
    /// <param name="asks">Which, and how, in the order they are to be taken.</param>
    /// <exception cref="IOException">No decider can be started.</exception>
    /// <exception cref="InvalidOperationException">The logic cannot be loaded there.</exception>
    public Task<BlockAnswer[]> AskAsync(DecisionBlock block, BlockAsk[] asks)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(asks);
        var job = new Job(block, asks);
        ObjectDisposedException.ThrowIf(_isStopping, this);
        _jobs.Add(job);
        return job.Done.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStopping = true;
        _jobs.CompleteAdding();
        Volatile.Read(ref _process)?.Stop();
        _thread.Join();
        _jobs.Dispose();
    }

    private void Work()
    {
        try
        {
            // Not with the first block: it takes about as long as reading and folding that.
            Start();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It is tried again, and told then.
        }

        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            try
            {
                job.Done.SetResult(Decide(job));
            }
            catch (Exception e)
            {
                Drop();
                job.Done.SetException(e);
            }
        }

        Drop();
    }

    private BlockProcess Start() => _process ??= new BlockProcess(_options, _logic, _texts, _time);

    private void Drop()
    {
        _process?.Dispose();
        _process = null;
    }

    private BlockAnswer[] Decide(Job job)
    {
        var answers = new BlockAnswer?[job.Asks.Length];
        int zone = BlockZones.Of(_blocks++);
        int between = 0;
        var deaths = new Dictionary<int, int>();
        int[] left = [.. Enumerable.Range(0, answers.Length)];
        while (left.Length > 0)
        {
            if (_isStopping)
                throw new OperationCanceledException("The replay was stopped.");
            bool isAlone = between >= MostDeathsBetween;
            int[] now = isAlone ? left[..1] : left;
            var process = Start();
            try
            {
                process.Decide(job.Block, now.Length == answers.Length ? job.Asks : [.. now.Select(i => job.Asks[i])], zone, (i, answer) => answers[now[i]] = answer);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                var end = process.End();
                Drop();
                if (_isStopping)
                    continue;
                if (end.Began >= 0 || isAlone)
                    Blame(job, now[Math.Max(end.Began, 0)], end.Kind, end.Message, deaths, answers);
                else
                    between++;
            }

            left = [.. left.Where(i => answers[i] is null)];
        }

        return answers!;
    }

    private void Blame(Job job, int place, DeciderEnd kind, string message, Dictionary<int, int> deaths, BlockAnswer?[] answers)
    {
        int count = deaths[place] = deaths.GetValueOrDefault(place) + 1;
        bool isOver = kind is DeciderEnd.OverTime or DeciderEnd.Blocked;
        if (!isOver && count < MostDeaths)
            return;
        var result = DecisionResults.Failed(
            job.Block[job.Asks[place].Index],
            _logic.Version,
            isOver ? RoutingFailureCause.LogicTimedOut : RoutingFailureCause.LogicCrashed,
            isOver ? $"The process that decided was ended: {message}." : $"The logic ended the process that decided, twice: {message}.");
        answers[place] = new BlockAnswer { Result = result, IsEnded = true };
    }

    private sealed record Job(DecisionBlock Block, BlockAsk[] Asks)
    {
        public TaskCompletionSource<BlockAnswer[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
