namespace EventCalls.Host.Composition;

/// <summary>Watches the work that must go on as long as the process does. When one of it ends, the process is to end too: a part that is missing looks healthy from outside.</summary>
internal sealed partial class Supervision(ILogger logger)
{
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;

    /// <summary>Completes when something ended that should not; says what and why.</summary>
    public Task<string> Failed => _failed.Task;

    /// <summary>From now on work may end.</summary>
    public void StopBegins() => _stopping = true;

    /// <summary>Watches one piece of work.</summary>
    /// <param name="what">What it is, for people.</param>
    /// <param name="work">Runs as long as all is well.</param>
    public void Watch(string what, Task work) => work.ContinueWith(
        ended =>
        {
            if (_stopping && !ended.IsFaulted)
                return;
            var why = ended.Exception?.GetBaseException();
            LogFailed(why, what);
            _failed.TrySetResult($"{what} ended: {why?.Message ?? "nobody told it to"}");
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{What} cannot go on; the process ends")]
    private partial void LogFailed(Exception? e, string what);
}
