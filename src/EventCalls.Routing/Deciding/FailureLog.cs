using System.Collections.Concurrent;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciding;

/// <summary>Logs failed decisions: the first of a kind at once, then how many there were. Every single one is in the call's stream.</summary>
internal sealed partial class FailureLog(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Version, RoutingFailureCause Cause), Kind> _kinds = new();
    private readonly Kind _tooLate = new();

    /// <summary>A call got the default.</summary>
    public void Add(DecisionRequest request, DecisionResult result, string taken)
    {
        var failure = result.Failure!;
        var kind = _kinds.GetOrAdd((result.LogicVersion, failure.Cause), static _ => new Kind());
        if (kind.TakeTurn(time.GetUtcNow(), s_quiet) is { } more)
            LogDefault(request.Started.CallId, failure.Cause, failure.Message, taken, more);
    }

    /// <summary>A question came after its call had taken the default.</summary>
    public void AddTooLate(Guid callId, TimeSpan age)
    {
        if (_tooLate.TakeTurn(time.GetUtcNow(), s_quiet) is { } more)
            LogTooLate(callId, (long)age.TotalMilliseconds, more);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call {CallId} is not decided: the routers were asked {Age} ms ago, and it has taken its default. ({More} more of this kind since the last such line.)")]
    private partial void LogTooLate(Guid callId, long age, int more);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call {CallId} gets the default: {Cause}: {FailureMessage} Taken: {Taken} ({More} more of this kind since the last such line.)")]
    private partial void LogDefault(Guid callId, RoutingFailureCause cause, string failureMessage, string taken, int more);

    private sealed class Kind
    {
        private readonly Lock _gate = new();
        private DateTimeOffset _quietUntil;
        private int _kept;

        /// <summary>How many were kept quiet since the last one told; null when this one is to be kept quiet too.</summary>
        public int? TakeTurn(DateTimeOffset now, TimeSpan quiet)
        {
            lock (_gate)
            {
                if (now < _quietUntil)
                {
                    _kept++;
                    return null;
                }

                _quietUntil = now + quiet;
                int kept = _kept;
                _kept = 0;
                return kept;
            }
        }
    }
}
