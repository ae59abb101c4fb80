using System.Net;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>Says who was refused and what to configure: one line a minute for a source, however often it comes. Safe from any thread.</summary>
public sealed class RefusalLog(ILogger logger, TimeProvider time)
{
    // What a flood with forged sources may fill; the rest of them share a line.
    private const int MostSources = 64;
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Line> _lines = [];
    private readonly Line _others = new();

    /// <summary>Something of a source was refused.</summary>
    /// <param name="source">The address it came from.</param>
    /// <param name="what">What it was, such as <c>BYE over udp</c>.</param>
    /// <param name="why">Why, and what to configure if that is wrong, as clauses.</param>
    public void Refused(IPAddress source, string what, string why)
    {
        long more;
        bool isOther;
        lock (_lock)
        {
            var line = LineOf(source);
            isOther = line == _others;
            if (line.WasSaid && time.GetElapsedTime(line.SaidAt) < s_pause)
            {
                line.More++;
                return;
            }
            more = line.More;
            line.Say(time.GetTimestamp());
        }
        if (isOther)
            logger.LogWarning("{What} from {Source} is refused: {Why} ({More} more of sources without a line of their own since the last such line)", what, source, why, more);
        else if (more == 0)
            logger.LogWarning("{What} from {Source} is refused: {Why}", what, source, why);
        else
            logger.LogWarning("{What} from {Source} is refused: {Why} ({More} more since the last such line)", what, source, why, more);
    }

    private Line LineOf(IPAddress source)
    {
        if (_lines.TryGetValue(source, out var line))
            return line;
        if (_lines.Count >= MostSources)
        {
            foreach (var (old, of) in _lines)
            {
                if (time.GetElapsedTime(of.SaidAt) >= s_pause)
                    _lines.Remove(old);
            }
        }
        if (_lines.Count >= MostSources)
            return _others;
        _lines.Add(source, line = new Line());
        return line;
    }

    private sealed class Line
    {
        public bool WasSaid { get; private set; }

        public long SaidAt { get; private set; }

        public long More { get; set; }

        public void Say(long at)
        {
            WasSaid = true;
            SaidAt = at;
            More = 0;
        }
    }
}
