using System.Collections.Concurrent;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciders.Blocks;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Deciding;

/// <summary>Decides in pairs of processes: the first as on this machine, the second in another order and on what is another machine as far as logic can tell.</summary>
internal sealed class InDeciders : IPastDeciding
{
    private readonly string _version;
    private readonly ReplayOptions _options;
    private readonly bool _isBaseline;
    private readonly (BlockDecider First, BlockDecider Second)[] _pairs;
    private readonly ConcurrentBag<DecidingBlock> _unused = [];
    private int _blocks;

    /// <param name="candidate">The logic.</param>
    /// <param name="options">How.</param>
    /// <param name="process">How deciders are started.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isBaseline">Whether of what comes out as recorded only some is decided a second time.</param>
    /// <exception cref="ArgumentException">Today's look-ups cannot be asked in another process.</exception>
    public InDeciders(CompiledLogic candidate, ReplayOptions options, DeciderProcessOptions process, TimeProvider time, bool isBaseline = false)
    {
        if (options.LiveLookups is not (null or LookupTables))
            throw new ArgumentException($"Look-ups of the kind {options.LiveLookups.GetType().Name} cannot be answered in another process.", nameof(options));
        (_version, _options, _isBaseline) = (candidate.Version, options, isBaseline);
        var first = new BlockDeciderOptions
        {
            Process = process,
            Decide = new DecideOptions { TimeLimit = options.TimeLimit, KnownEndpoints = options.KnownEndpoints },
            Tables = options.LiveLookups as LookupTables,
        };
        _pairs = [.. Enumerable.Range(0, Math.Max(1, options.Threads / 2)).Select(i =>
        {
            var second = first with { Process = OtherMachine.Of(process, i), IsSecond = true };
            return (new BlockDecider(first, candidate, time), new BlockDecider(second, candidate, time));
        })];
    }

    public int AtOnce => _pairs.Length + 1;

    /// <summary>The processes that decide now.</summary>
    public IEnumerable<int> Processes => _pairs.SelectMany(p => (int?[])[p.First.ProcessId, p.Second.ProcessId]).OfType<int>();

    public Task<DecidedBlock> DecideAsync(PastBlock calls, bool all)
    {
        var (first, second) = _pairs[(uint)Interlocked.Increment(ref _blocks) % _pairs.Length];
        return Task.Run(async () =>
        {
            if (!_unused.TryTake(out var block))
                block = new DecidingBlock(_options.LiveLookups is not null, _isBaseline);
            try
            {
                var decided = await block.DecideAsync(Read(calls, all), first, second).ConfigureAwait(false);
                _unused.Add(block);
                return decided;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                throw new NoDeciderException($"The calls cannot be decided: {e.Message}", e);
            }
        });
    }

    public void Dispose()
    {
        foreach (var (first, second) in _pairs)
        {
            first.Dispose();
            second.Dispose();
        }
    }

    private CallReplay?[] Read(PastBlock calls, bool all)
    {
        var read = new CallReplay?[calls.Count];
        for (int i = 0; i < read.Length; i++)
        {
            var past = calls[i];
            if (all || _options.Chosen is not { } chosen || chosen(past.Row, past.Started))
                read[i] = new CallReplay(past, _version, _options.Handoffs, _options.Inputs);
        }
        return read;
    }
}
