namespace EventCalls.Sip.Resolving;

/// <summary>What name servers have said, for as long as it may be used; the time is told. Not thread-safe.</summary>
/// <remarks>
/// What was found is used for its TTL, and that nothing is there for the time the domain says (RFC 2308 §5). While nobody answers, what was found before is used for
/// another hour (RFC 8767 §4), and it is asked for again every five seconds at most (RFC 2308 §7).
/// </remarks>
public sealed class AnswerCache
{
    private const int MostKept = 4_096;

    /// <summary>How long what was found is used where no TTL is known, milliseconds.</summary>
    public const int FreshMs = 30_000;

    /// <summary>How long a failure is kept, and that there is nothing where nobody says for how long, milliseconds.</summary>
    public const int FailedMs = 5_000;

    /// <summary>How long what was found is used beyond its time when asking again fails, milliseconds.</summary>
    public const int StaleMs = 3_600_000;

    // A TTL of 0 is for one call alone (RFC 2181 §8); a call asks more than once. Beyond a day a TTL is mostly a slip (RFC 8767 §4).
    private const int ShortestMs = 1_000;
    private const int LongestMs = 86_400_000;
    private const int LongestNoneMs = 300_000;

    private readonly Dictionary<DnsQuestion, Entry> _entries = [];

    /// <summary>What is known without asking; false when it must be asked.</summary>
    /// <param name="question">The question.</param>
    /// <param name="now">The time, milliseconds.</param>
    /// <param name="isAsked">Whether it is being asked: then what was found before does where asking has failed before, and nobody waits.</param>
    /// <param name="answer">The answer.</param>
    public bool TryGet(DnsQuestion question, long now, bool isAsked, out DnsAnswer answer)
    {
        answer = null!;
        if (!_entries.TryGetValue(question, out var entry))
            return false;
        if (entry.Known is { } known && now < entry.KnownUntil)
        {
            answer = known;
            return true;
        }
        if (entry.Failure is not { } failure)
            return false;
        bool isStale = IsStale(entry, now);
        answer = isStale ? entry.Known! : failure;
        return now < entry.FailedUntil || (isAsked && isStale);
    }

    /// <summary>Keeps an answer; what is to be used, which is the one of before when nobody could answer.</summary>
    public DnsAnswer Keep(DnsQuestion question, DnsAnswer answer, long now)
    {
        var entry = EntryOf(question);
        if (answer.Status is DnsStatus.Found or DnsStatus.None)
        {
            bool isFound = answer.Status == DnsStatus.Found;
            long ttl = answer.Ttl is { } seconds ? Math.Clamp(seconds * 1000L, ShortestMs, isFound ? LongestMs : LongestNoneMs) : isFound ? FreshMs : FailedMs;
            (entry.Known, entry.KnownUntil, entry.Failure) = (answer, now + ttl, null);
            return answer;
        }
        (entry.Failure, entry.FailedUntil) = (answer, now + FailedMs);
        return IsStale(entry, now) ? entry.Known! : answer;
    }

    private static bool IsStale(Entry entry, long now) => entry.Known is { Status: DnsStatus.Found } && now < entry.KnownUntil + StaleMs;

    private Entry EntryOf(DnsQuestion question)
    {
        if (_entries.TryGetValue(question, out var entry))
            return entry;
        // Whoever makes us ask for names without end does not fill the memory.
        if (_entries.Count >= MostKept)
            _entries.Clear();
        _entries.Add(question, entry = new Entry());
        return entry;
    }

    private sealed class Entry
    {
        public DnsAnswer? Known { get; set; }

        public long KnownUntil { get; set; }

        public DnsAnswer? Failure { get; set; }

        public long FailedUntil { get; set; }
    }
}
