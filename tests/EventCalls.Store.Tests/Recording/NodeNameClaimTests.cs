using EventCalls.Store.Recording;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Store.Tests.Recording;

public sealed class NodeNameClaimTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ListLogger<NodeNameClaim> _log = new();
    private readonly List<NodeNameTakenException> _lost = [];
    private readonly SharedNames _names = new();

    [Fact]
    public async Task A_name_that_is_free_is_taken_at_once_and_without_a_word()
    {
        await using var claim = Claim();

        await claim.TakeAsync(default);

        Assert.True(_names.IsHeld);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_name_that_another_process_keeps_is_refused_after_20_s_with_the_key_and_what_to_do()
    {
        _names.HoldElsewhere();
        await using var claim = Claim();
        var taken = claim.TakeAsync(default);

        await AdvanceAsync(TimeSpan.FromSeconds(19), taken);
        Assert.False(taken.IsCompleted);
        await AdvanceAsync(TimeSpan.FromSeconds(2), taken);

        var refusal = await Assert.ThrowsAsync<NodeNameTakenException>(() => taken);
        Assert.Equal("Another node with the name 'edge-1' runs on a shared store, and the calls of one would be taken for the other's; give each node an EventCalls:Node of its own, or end the other process", refusal.Message);
        Assert.Single(_log.Lines, l => l.Contains("is taken in a shared store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_earlier_run_that_goes_is_waited_for()
    {
        _names.HoldElsewhere();
        await using var claim = Claim();
        var taken = claim.TakeAsync(default);
        await AdvanceAsync(TimeSpan.FromSeconds(14), taken);

        _names.LetGo();
        await AdvanceAsync(TimeSpan.FromSeconds(1), taken);

        await taken;
    }

    [Fact]
    public async Task A_store_that_is_away_does_not_count_as_another_process()
    {
        _names.IsAway = true;
        await using var claim = Claim();
        var taken = claim.TakeAsync(default);
        await AdvanceAsync(TimeSpan.FromMinutes(2), taken);
        Assert.False(taken.IsCompleted);
        Assert.Single(_log.Lines, l => l.Contains("cannot be held now", StringComparison.Ordinal));

        _names.IsAway = false;
        await AdvanceAsync(TimeSpan.FromSeconds(1), taken);

        await taken;
    }

    [Fact]
    public async Task A_name_that_was_lost_is_taken_again()
    {
        await using var claim = Claim();
        await claim.TakeAsync(default);

        _names.Lose();
        await UntilAsync(() => _names.IsHeld);

        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_name_that_was_lost_and_that_another_process_took_since_is_told_once()
    {
        await using var claim = Claim();
        await claim.TakeAsync(default);

        _names.HoldElsewhere();
        _names.Lose();
        await UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return _lost.Count > 0;
        });

        Assert.Single(_lost);
        Assert.Single(_log.Lines, l => l.Contains("was lost with the connection", StringComparison.Ordinal));
    }

    private NodeNameClaim Claim() => new(_names, "a shared store", "edge-1", _clock, _log, _lost.Add);

    // In small steps, with what waits let run in between.
    private async Task AdvanceAsync(TimeSpan by, Task until)
    {
        for (var passed = TimeSpan.Zero; passed < by && !until.IsCompleted; passed += TimeSpan.FromMilliseconds(500))
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            for (int i = 0; i < 5; i++)
                await Task.Yield();
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(1);
    }

    /// <summary>Names as a store gives them, with another process that may have one.</summary>
    private sealed class SharedNames : INodeNames
    {
        private volatile Held? _held;
        private volatile bool _isHeldElsewhere;

        public bool IsAway { get; set; }

        public bool IsHeld => _held is not null;

        public void HoldElsewhere() => _isHeldElsewhere = true;

        public void LetGo() => _isHeldElsewhere = false;

        public void Lose() => _held!.Lose();

        public Task<IHeldName?> TryHoldAsync(string node, CancellationToken cancellationToken)
        {
            if (IsAway)
                throw GatedStore.Down;
            return Task.FromResult<IHeldName?>(_isHeldElsewhere ? null : _held = new Held(this));
        }

        private sealed class Held(SharedNames names) : IHeldName
        {
            private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public Task Lost => _lost.Task;

            public void Lose()
            {
                names._held = null;
                _lost.SetResult();
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
