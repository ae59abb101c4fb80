using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The time that a caller whose side has taken the call over is given to hang up; then we do (RFC 5589 §6.1).</summary>
internal sealed class LeaveWait(Call call) : CallTimer(call)
{
    /// <inheritdoc />
    protected override void Fire() => Call.End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Transferred });
}
