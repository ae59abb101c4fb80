using System.Globalization;

namespace EventCalls.Replay.Deciding;

/// <summary>Does numbered pieces of work on several threads, and gives up those that do not end.</summary>
/// <param name="count">How many threads.</param>
/// <param name="hangLimit">How long a piece may take.</param>
/// <param name="time">The clock.</param>
internal sealed class Workers(int count, TimeSpan hangLimit, TimeProvider time)
{
    /// <summary>Threads that may hang before all is given up.</summary>
    private const int MaxHanging = 16;

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(500);

    private int _hanging;

    private sealed class Worker
    {
        public readonly Lock Gate = new();
        public int Index = -1;
        public long Since;
        public bool IsAbandoned;
        public Task Task = Task.CompletedTask;
    }

    /// <summary>Does all pieces; the results in their order.</summary>
    /// <param name="pieces">How many pieces.</param>
    /// <param name="work">Does one; must not throw.</param>
    /// <param name="giveUp">The result of a piece that does not end.</param>
    /// <exception cref="CandidateHangsException">Too many pieces do not end.</exception>
    public async Task<T[]> RunAsync<T>(int pieces, Func<int, T> work, Func<int, T> giveUp)
    {
        var results = new T[pieces];
        int next = -1;
        var workers = new List<Worker>();
        for (int i = 0; i < Math.Min(count, pieces); i++)
            workers.Add(Start());
        using var stopLooking = new CancellationTokenSource();
        try
        {
            while (true)
            {
                var all = Task.WhenAll(workers.Where(w => !w.IsAbandoned).Select(w => w.Task));
                if (await Task.WhenAny(all, Task.Delay(s_lookEvery, time, stopLooking.Token)).ConfigureAwait(false) == all)
                {
                    await all.ConfigureAwait(false);
                    return results;
                }
                foreach (var worker in workers.ToList())
                {
                    if (Abandon(worker) is not { } index)
                        continue;
                    if (++_hanging >= MaxHanging)
                        throw new CandidateHangsException(_hanging);
                    results[index] = giveUp(index);
                    workers.Add(Start());
                }
            }
        }
        finally
        {
            await stopLooking.CancelAsync().ConfigureAwait(false);
        }

        Worker Start()
        {
            var worker = new Worker();
            worker.Task = Task.Run(() => Loop(worker));
            return worker;
        }

        void Loop(Worker worker)
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            for (int i = Interlocked.Increment(ref next); i < pieces; i = Interlocked.Increment(ref next))
            {
                lock (worker.Gate)
                    (worker.Index, worker.Since) = (i, time.GetTimestamp());
                var result = work(i);
                lock (worker.Gate)
                {
                    if (worker.IsAbandoned)
                        return;
                    worker.Index = -1;
                    results[i] = result;
                }
            }
        }

        int? Abandon(Worker worker)
        {
            lock (worker.Gate)
            {
                if (worker.IsAbandoned || worker.Index < 0 || time.GetElapsedTime(worker.Since) < hangLimit)
                    return null;
                worker.IsAbandoned = true;
                return worker.Index;
            }
        }
    }
}
