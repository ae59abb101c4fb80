using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Deciding;
using EventCalls.Replay.Past;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Webhook;
using EventCalls.Store;

namespace EventCalls.Replay;

/// <summary>Decides past calls again with a candidate logic, and says of each what would be otherwise.</summary>
/// <remarks>
/// Calls are taken in blocks: all of a block are decided in order, then all of it once more in a mixed order by another copy of the logic,
/// with another clock and seed where the logic asked for neither. So a decision that rests on what other calls left behind shows, and
/// memory does not grow with the calls. Some calls of each block are decided twice in a row besides: logic that then decides otherwise keeps
/// something from call to call, or looks at what changes from moment to moment, and from that block on no verdict is given but that.
/// </remarks>
public sealed class Replayer : IDisposable
{
    /// <summary>The stored names of the events that are looked at; the others need not be read from the store.</summary>
    public static IReadOnlyList<string> EventTypes => PastCallReader.EventTypes;

    // Small enough to stay in the processor's cache between the two takings: 256 cost a third less than 1,024.
    private const int CallsPerBlock = 256;

    private readonly IPastDeciding _deciding;
    private string? _unsteady;

    /// <param name="candidate">The logic; stays the caller's to dispose. Deciding in this process it must be loaded here.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock, for decisions that do not end.</param>
    public Replayer(CompiledLogic candidate, ReplayOptions options, TimeProvider time)
        : this(options, Deciding(candidate, options, time))
    {
    }

    /// <param name="candidate">A web service that decides; stays the caller's to dispose.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    public Replayer(WebhookCandidate candidate, ReplayOptions options, TimeProvider time)
        : this(options, options.Baseline is { } baseline
            ? new TwoSided(new InWebhook(candidate, options, time), Deciding(baseline, options, time, isBaseline: true), areAtOnce: true)
            : new InWebhook(candidate, options, time))
    {
    }

    /// <param name="candidate">The logic; stays the caller's to dispose.</param>
    /// <param name="again">The same logic, compiled once more, so that its static fields are its own; disposed with this.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    internal Replayer(CompiledLogic candidate, CompiledLogic again, ReplayOptions options, TimeProvider time)
        : this(options, new InProcess(candidate, again, options, time))
    {
    }

    private Replayer(ReplayOptions options, IPastDeciding deciding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        _deciding = deciding;
    }

    /// <summary>The processes that decide now, for who counts what they use; empty when this one decides.</summary>
    public IReadOnlyList<int> Deciders => [.. _deciding.Processes];

    /// <summary>Decides the calls again, in the order given.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; every call given until then was decided.</exception>
    /// <exception cref="CandidateHangsException">Too many decisions of the candidate do not end, in this process.</exception>
    /// <exception cref="NoDeciderException">No process that decides can be started.</exception>
    public async IAsyncEnumerable<ReplayedCall> RunAsync(IAsyncEnumerable<CallHistory> calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(calls);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // One block is read, one decided and one handed on at the same time.
        var read = Channel.CreateBounded<List<CallHistory>>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        var decided = Channel.CreateBounded<Task<DecidedBlock>>(new BoundedChannelOptions(_deciding.AtOnce) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(calls, read.Writer, stop.Token), CancellationToken.None);
        var deciding = Task.Run(() => DecideAsync(read.Reader, decided.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var block in decided.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                foreach (var call in Distrusted(await block.ConfigureAwait(false)))
                {
                    if (call is not null)
                        yield return call;
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, deciding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Decides one call again.</summary>
    public async Task<ReplayedCall> RunAsync(CallHistory call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Distrusted(await _deciding.DecideAsync(new PastBlock([call]), all: true).ConfigureAwait(false))[0]!;
    }

    /// <inheritdoc/>
    public void Dispose() => _deciding.Dispose();

    private static IPastDeciding Deciding(CompiledLogic candidate, ReplayOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(options);
        return options.Baseline is { } baseline
            ? new TwoSided(Deciding(candidate, options, time, isBaseline: false), Deciding(baseline, options, time, isBaseline: true), areAtOnce: options.Deciders is not null)
            : Deciding(candidate, options, time, isBaseline: false);
    }

    private static IPastDeciding Deciding(CompiledLogic candidate, ReplayOptions options, TimeProvider time, bool isBaseline)
    {
        if (options.Deciders is { } process)
            return new InDeciders(candidate, options, process, time, isBaseline);
        var check = LogicCompiler.Compile(candidate.Sources);
        return check.Logic is { } again
            ? new InProcess(candidate, again, options, time, isBaseline)
            : throw new ArgumentException($"The logic does not compile: {string.Join("; ", check.Diagnostics)}", nameof(candidate));
    }

    private static async Task ReadAsync(IAsyncEnumerable<CallHistory> calls, ChannelWriter<List<CallHistory>> output, CancellationToken cancellationToken)
    {
        try
        {
            var block = new List<CallHistory>(CallsPerBlock);
            await foreach (var call in calls.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                block.Add(call);
                if (block.Count < CallsPerBlock)
                    continue;
                await output.WriteAsync(block, cancellationToken).ConfigureAwait(false);
                block = new List<CallHistory>(CallsPerBlock);
            }
            if (block.Count > 0)
                await output.WriteAsync(block, cancellationToken).ConfigureAwait(false);
            output.Complete();
        }
        catch (Exception e)
        {
            output.Complete(e);
        }
    }

    private async Task DecideAsync(ChannelReader<List<CallHistory>> input, ChannelWriter<Task<DecidedBlock>> output, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var block in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                var deciding = _deciding.DecideAsync(new PastBlock(block), all: false);
                if (_deciding.AtOnce == 1)
                    await ((Task)deciding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await output.WriteAsync(deciding, cancellationToken).ConfigureAwait(false);
            }
            output.Complete();
        }
        catch (Exception e)
        {
            output.Complete(e);
        }
    }

    // Logic that keeps something from call to call can come to any verdict by accident, the right one included.
    private ReplayedCall?[] Distrusted(DecidedBlock block)
    {
        var calls = block.Calls;
        if (block.Unsteady >= 0)
        {
            _unsteady ??= "the candidate keeps something from one call to the next, or looks at what changes from moment to moment: "
                + $"call {calls[block.Unsteady]!.Call.CallId} came out otherwise when nothing else had changed, so that nothing it decides can be compared";
        }
        if (_unsteady is null)
            return calls;
        for (int i = 0; i < calls.Length; i++)
        {
            if (calls[i] is { } call)
            {
                var verdict = call.IsOfCandidate ? Verdict.Nondeterministic : Verdict.NotReplayable;
                calls[i] = call with { Verdict = verdict, Unrecorded = _unsteady, Changes = [], Error = null };
            }
        }
        return calls;
    }
}
