using System.Threading.Channels;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciders;

/// <summary>Decides a share of the live calls again, aside, in a process where everything is different that a machine may differ in: the decision must come out the same.</summary>
internal sealed partial class LiveSample : IAsyncDisposable
{
    // Off the path of calls: what there is no time for is left out.
    private const int MostWaiting = 64;

    private static readonly TimeSpan s_moreTime = TimeSpan.FromSeconds(1);

    private readonly double _percent;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Sample> _samples = Channel.CreateBounded<Sample>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Func<DeciderPool> _make;
    private readonly Task _running;
    private readonly QuietTurns _told = new();
    private long _again;
    private long _differing;
    private string? _last;

    /// <param name="percent">The share of the calls, 0 to 100.</param>
    /// <param name="process">How a decider is started; it is started with the first call that is decided again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where a difference is reported.</param>
    public LiveSample(double percent, DeciderProcessOptions process, TimeProvider time, ILogger logger)
    {
        (_percent, _time, _logger) = (percent, time, logger);
        _make = () => new DeciderPool(new DeciderPoolOptions { Process = OtherMachine.Of(process), Spares = 0 }, time, logger);
        _running = Task.Run(RunAsync);
    }

    /// <summary>How many were decided again.</summary>
    public long Again => Volatile.Read(ref _again);

    /// <summary>How many of them came out otherwise.</summary>
    public long Differing => Volatile.Read(ref _differing);

    /// <summary>The last difference, for people; null for none.</summary>
    public string? LastDifference => Volatile.Read(ref _last);

    /// <summary>Takes a decision into the sample, or not.</summary>
    public void Offer(CompiledLogic logic, DecisionRequest request, DecideOptions options, DecisionResult result)
    {
        if (IsSampled(request.Cause.EventId) && IsComparable(result))
            _samples.Writer.TryWrite(new Sample(logic, request, options, result));
    }

    public async ValueTask DisposeAsync()
    {
        _samples.Writer.Complete();
        await _running.ConfigureAwait(false);
    }

    // Which calls follows from their ids, which are random in their low bits.
    private bool IsSampled(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) < _percent / 100 * uint.MaxValue;
    }

    // A limit may be met once and not again, and an answer that there was none is not recorded.
    private static bool IsComparable(DecisionResult result) =>
        result.UnansweredLookup is null && result.Failure?.Cause is not (RoutingFailureCause.LogicTimedOut or RoutingFailureCause.LogicCrashed);

    private async Task RunAsync()
    {
        DeciderPool? other = null;
        CompiledLogic? before = null;
        await foreach (var sample in _samples.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                other ??= _make();
                if (before is not null && before != sample.Logic)
                    other.Forget(before);
                before = sample.Logic;
                await AgainAsync(other, sample).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }

        if (other is not null)
            await other.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AgainAsync(DeciderPool other, Sample sample)
    {
        var options = sample.Options with
        {
            Lookups = new RecordedLookups(sample.Result.Inputs.Lookups),
            TimeLimit = sample.Options.TimeLimit + s_moreTime,
        };
        var again = await other.RunAsync(sample.Logic, sample.Request, options).ConfigureAwait(false);
        if (!IsComparable(again) && again.UnansweredLookup is null)
            return;
        Interlocked.Increment(ref _again);
        if (DecisionDifference.Find(sample.Result, again) is not { } difference)
            return;
        Interlocked.Increment(ref _differing);
        var call = sample.Request.Started.CallId;
        Volatile.Write(ref _last, $"call {call}, {difference.Field}");
        if (_told.Take(_time.GetUtcNow()) is { } more)
            LogDiffers(sample.Logic.Version, call, difference.Field, difference.Was, difference.Now, more);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Logic {Version} decided call {CallId} a second time otherwise: {Field} was '{Was}' and is '{Now}'. It depends on something that is not the call, and cannot be replayed. ({More} more since the last such line.)")]
    private partial void LogDiffers(string version, Guid callId, string field, string? was, string? now, int more);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A live call could not be decided a second time.")]
    private partial void LogFailed(Exception e);

    private sealed record Sample(CompiledLogic Logic, DecisionRequest Request, DecideOptions Options, DecisionResult Result);
}
