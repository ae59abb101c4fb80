namespace EventCalls.Routing.Deciding;

/// <summary>Which of many reports of one kind are told: the first at once, then one in a while with how many were kept.</summary>
internal sealed class QuietTurns
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private DateTimeOffset _quietUntil;
    private int _kept;

    /// <summary>How many were kept quiet since the last one told; null when this one is to be kept quiet too.</summary>
    public int? Take(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now < _quietUntil)
            {
                _kept++;
                return null;
            }

            _quietUntil = now + s_quiet;
            int kept = _kept;
            _kept = 0;
            return kept;
        }
    }
}
