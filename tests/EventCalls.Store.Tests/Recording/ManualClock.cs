namespace EventCalls.Store.Tests.Recording;

/// <summary>A clock that a test sets; its timers and timestamps are the system's.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; private set; } = now;

    public void Advance(TimeSpan by) => Now += by;

    public override DateTimeOffset GetUtcNow() => Now;
}
