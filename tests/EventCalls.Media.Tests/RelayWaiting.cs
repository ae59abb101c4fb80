using EventCalls.Media.Sessions;

namespace EventCalls.Media.Tests;

/// <summary>Waits for what another thread does.</summary>
internal static class RelayWaiting
{
    /// <summary>Completes when the relay has done all that it was asked for.</summary>
    public static Task CaughtUpAsync(this MediaRelay relay)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        relay.Thread.Post(done.SetResult);
        return done.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
