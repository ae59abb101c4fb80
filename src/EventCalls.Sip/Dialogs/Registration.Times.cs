using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Dialogs;

/// <content>How long it lasts, and when it is asked for again.</content>
public sealed partial class Registration
{
    // RFC 5626 §4.5, without a flow that works.
    private const int FirstPauseMs = 30_000;
    private const int LongestPauseMs = 1_800_000;
    private const int LongestRetryAfterSeconds = 3_600;

    // While what we have still lasts, it is worth to ask more often than that.
    private const int ShortestPauseMs = 5_000;

    // What a registrar that wants longer registrations may ask for, and what one is believed to grant: thirty days.
    private const int LongestSeconds = 2_592_000;

    private void Take(SipMessage response)
    {
        int seconds = Math.Min(RegisterAnswer.GrantedSeconds(response, Encoding.UTF8.GetBytes(_contact), _expires), LongestSeconds);
        if (seconds == 0)
        {
            End(new RegistrationFailure(response.StatusCode, $"it answered {response.StatusCode}, and keeps no Contact of ours"));
            return;
        }
        _until = _agent.Now + seconds * 1_000L;
        _failures = 0;
        if (_isLeaving)
        {
            Leave();
            return;
        }
        // Not all at once whoever has registered at once.
        _agent.Wheel.Schedule(_clock, Math.Max(seconds * 10L * (75 + _agent.Random.Next(11)), 1_000));
        _user.OnRegistered(seconds);
    }

    /// <summary>Whether a registrar to which our time is too brief has named one that can be asked for (§10.2.8).</summary>
    private bool AsksForLonger(SipMessage response)
    {
        if (_wasTooBrief || RegisterAnswer.Seconds(response, HeaderId.MinExpires) is not { } least || least <= _expires || least > LongestSeconds)
            return false;
        _wasTooBrief = true;
        _expires = least;
        return true;
    }

    private void Pause(RegistrationFailure failure)
    {
        if (failure.RetryAfterSeconds is { } after)
        {
            int ms = Math.Max(Math.Min(after, LongestRetryAfterSeconds) * 1_000, ShortestPauseMs);
            _agent.Wheel.Schedule(_clock, ms + _agent.Random.Next(ms / 10));
            _failures++;
            return;
        }
        long most = Math.Min((long)FirstPauseMs << Math.Min(++_failures, 10), LongestPauseMs);
        long pause = most / 2 + _agent.Random.Next((int)(most / 2) + 1);
        if (IsRegistered)
            pause = Math.Min(pause, Math.Max((_until - _agent.Now) / 2, ShortestPauseMs));
        _agent.Wheel.Schedule(_clock, pause);
    }
}
