using System.Threading.Channels;

namespace EventCalls.Console.Live;

/// <summary>What happens to calls, as it happens.</summary>
internal interface ILiveCalls
{
    /// <summary>Listens; null when there are as many listeners as there may be.</summary>
    LiveListener? Listen();
}

/// <summary>Who listens: gets messages as UTF-8 JSON, the first one with the calls that are up. Who takes them too slowly is dropped.</summary>
internal sealed class LiveListener(Action<LiveListener> end) : IDisposable
{
    private const int MostWaiting = 16;

    private readonly Channel<LiveMessage> _waiting = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Ends when the listener is dropped or the service stops.</summary>
    public ChannelReader<LiveMessage> Messages => _waiting.Reader;

    /// <summary>Whether it has had the calls that were up.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Called when it is dropped, which may be in the middle of a write that does not end.</summary>
    public Action? Dropped { get; set; }

    /// <summary>Gives it a message, or drops it when too many wait.</summary>
    public void Give(LiveMessage message)
    {
        if (_waiting.Writer.TryWrite(message) || !_waiting.Writer.TryComplete())
            return;
        Dropped?.Invoke();
    }

    /// <summary>Nothing comes any more.</summary>
    public void End() => _waiting.Writer.TryComplete();

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        End();
        end(this);
    }
}

/// <summary>A server-sent event.</summary>
/// <param name="Event">Its name.</param>
/// <param name="Data">Its data, JSON in one line.</param>
internal sealed record LiveMessage(string Event, ReadOnlyMemory<byte> Data);
