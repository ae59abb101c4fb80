using System.Collections.Concurrent;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciding;

/// <summary>Logs failed decisions: the first of a kind at once, then how many there were. Every single one is in the call's stream.</summary>
internal sealed partial class FailureLog(TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<(string Version, RoutingFailureCause Cause), QuietTurns> _kinds = new();
    private readonly QuietTurns _tooLate = new();

    /// <summary>A call got the default.</summary>
    public void Add(DecisionRequest request, DecisionResult result, string taken)
    {
        var failure = result.Failure!;
        var kind = _kinds.GetOrAdd((result.LogicVersion, failure.Cause), static _ => new QuietTurns());
        if (kind.Take(time.GetUtcNow()) is { } more)
            LogDefault(request.Started.CallId, failure.Cause, failure.Message, taken, more);
    }

    /// <summary>A question came after its call had taken the default.</summary>
    public void AddTooLate(Guid callId, TimeSpan age)
    {
        if (_tooLate.Take(time.GetUtcNow()) is { } more)
            LogTooLate(callId, (long)age.TotalMilliseconds, more);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call {CallId} is not decided: the routers were asked {Age} ms ago, and it has taken its default. ({More} more of this kind since the last such line.)")]
    private partial void LogTooLate(Guid callId, long age, int more);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call {CallId} gets the default: {Cause}: {FailureMessage} Taken: {Taken} ({More} more of this kind since the last such line.)")]
    private partial void LogDefault(Guid callId, RoutingFailureCause cause, string failureMessage, string taken, int more);
}
