using EventCalls.Routing.Deciding;
using EventCalls.Routing.Webhook;

namespace EventCalls.Replay.Deciding;

/// <summary>Has a web service decide past calls: each decision is asked twice, and what is answered otherwise the second time says nothing about the call.</summary>
internal sealed class InWebhook(WebhookCandidate candidate, ReplayOptions options, TimeProvider time) : IPastDeciding
{
    private readonly SemaphoreSlim _slots = new(options.Threads, options.Threads);
    private readonly RateLimit? _rate = options.Rate is { } rate ? new RateLimit(rate, time) : null;
    private readonly CancellationTokenSource _stop = new();
    private volatile NoDeciderException? _failure;

    // While the last calls of one block are asked, those of the next are too.
    public int AtOnce => 2 + (options.Threads / 128);

    public IEnumerable<int> Processes => [];

    public Task<DecidedBlock> DecideAsync(PastBlock calls, bool all) => Task.Run(async () =>
    {
        var replays = new CallReplay?[calls.Count];
        for (int i = 0; i < replays.Length; i++)
        {
            var past = calls[i];
            if (all || options.Chosen is not { } chosen || chosen(past.Row, past.Started))
                replays[i] = new CallReplay(past, candidate.Version, options.Handoffs, options.Inputs) { IsNamedByContent = false };
        }

        try
        {
            await Task.WhenAll(replays.OfType<CallReplay>().Select(DecideAsync)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            throw _failure;
        }

        return new DecidedBlock([.. replays.Select(r => r?.Finish())], -1);
    });

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task DecideAsync(CallReplay call)
    {
        await _slots.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            while (call.Next() is { } taken)
            {
                taken.Result = await AskAsync(taken, 1).ConfigureAwait(false);
                var again = await AskAsync(taken, 2).ConfigureAwait(false);
                // That it was slow once is not what it would decide.
                if (!DecisionEnds.IsEnded(taken.Result) && !DecisionEnds.IsEnded(again) && DependenceCheck.Difference(taken.Result, again) is { } difference)
                    taken.Difference = $"asked twice, the web service answers otherwise, {difference}: it looks at something besides the call";
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<DecisionResult> AskAsync(TakenDecision taken, int taking)
    {
        if (_rate is not null)
            await _rate.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            return await candidate.AskAsync(taken.Request, taken.Recorded, taking, _stop.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            // What waits for an answer need not find out by itself.
            _failure ??= new NoDeciderException($"The web service {candidate.Version} cannot be asked: {e.Message}", e);
            await _stop.CancelAsync().ConfigureAwait(false);
            throw _failure;
        }
    }
}
