namespace EventCalls.Bus.Sending;

/// <summary>Remembers that nobody subscribes to a message, so that it is not written and sent to nobody; now and then one is sent to see.</summary>
/// <remarks>A broker does not say who is bound to an exchange; it gives back a mandatory message that no queue took. Safe from any thread.</remarks>
internal sealed class Audience(TimeProvider time)
{
    /// <summary>After how long somebody who subscribed is noticed, at most.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(250);

    // When to look again, by the clock's timestamps; 0 while somebody listens.
    private long _lookAt;

    /// <summary>Whether to send the next one: somebody listens, or it is time to see.</summary>
    public bool IsAsked()
    {
        long lookAt = Volatile.Read(ref _lookAt);
        if (lookAt == 0)
            return true;
        // One looks, the others go on.
        return time.GetTimestamp() >= lookAt && Interlocked.CompareExchange(ref _lookAt, Next(), lookAt) == lookAt;
    }

    /// <summary>A queue took one.</summary>
    public void Heard()
    {
        if (Volatile.Read(ref _lookAt) != 0)
            Volatile.Write(ref _lookAt, 0);
    }

    /// <summary>One came back: no queue took it.</summary>
    public void Nobody() => Volatile.Write(ref _lookAt, Next());

    private long Next() => time.GetTimestamp() + (long)(Notice.TotalSeconds * time.TimestampFrequency);
}
