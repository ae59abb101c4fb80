using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>What a loop does when a turn of it fails: says so once a minute, and waits longer each time, so that a lasting fault costs no processor.</summary>
internal sealed class FaultPause(SipShard shard, string what)
{
    private const int ShortestMs = 10;
    private const int LongestMs = 1_000;

    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    private int _nextMs = ShortestMs;
    private long _saidAt;
    private bool _wasSaid;
    private long _more;

    /// <summary>A turn went well.</summary>
    public void Over() => _nextMs = ShortestMs;

    /// <summary>A turn failed; returns when the next may be tried, at once when the shard stops.</summary>
    public void Pause(Exception e)
    {
        if (shard.IsStopping)
            return;
        if (_wasSaid && shard.Time.GetElapsedTime(_saidAt) < s_silence)
        {
            _more++;
        }
        else
        {
            long more = _more;
            (_wasSaid, _saidAt, _more) = (true, shard.Time.GetTimestamp(), 0);
            Say(e, more);
        }
        shard.WaitForStop(_nextMs);
        _nextMs = Math.Min(2 * _nextMs, LongestMs);
    }

    private void Say(Exception e, long more)
    {
        try
        {
            shard.Logger.LogWarning("{What} failed: {Error} ({More} more since the last such line)", what, e.Message, more);
        }
        catch (Exception)
        {
            // The loop goes on without a log too.
        }
    }
}
