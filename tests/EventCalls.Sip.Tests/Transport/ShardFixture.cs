using EventCalls.Sip.Transport;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport;

/// <summary>A shard on real sockets with a handler that writes down, and how a test looks at it.</summary>
internal sealed class ShardFixture : IDisposable
{
    public ShardFixture(RecordingHandler handler, Func<ShardOptions, ShardOptions>? change, params string[] listen)
    {
        Handler = handler;
        var options = new ShardOptions { Listen = [.. listen.Select(Point)] };
        Shard = new SipShard(change?.Invoke(options) ?? options, handler, TimeProvider.System, Log);
        Shard.Start();
    }

    public RecordingHandler Handler { get; }

    public RecordingLogger Log { get; } = new();

    public SipShard Shard { get; }

    public static ListenPoint Point(string text) => ListenPoint.TryParse(text, out var point) ? point! : throw new ArgumentException(text);

    /// <summary>Does something on the shard's thread.</summary>
    public async Task<T> DoAsync<T>(Func<T> what)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Shard.Post(new Work(() =>
        {
            try
            {
                done.SetResult(what());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }));
        return await done.Task.WaitAsync(TcpPeer.Patience);
    }

    /// <summary>Looks on the shard's thread, again and again.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TcpPeer.Patience);
        while (!await DoAsync(condition))
            await Task.Delay(10, patience.Token);
    }

    public void Dispose() => Shard.Dispose();

    private sealed class Work(Action action) : ShardWork
    {
        protected internal override void Run() => action();
    }
}
