using System.Net;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trust;

/// <summary>What strangers' addresses have done lately: how much they were answered, how often they were refused, and which of them are not read any more. Safe from any thread.</summary>
internal sealed class SourceWatch(AbuseOptions options, TimeProvider time)
{
    // A flood of forged sources fills it and no more; what then comes from yet another one is answered and not counted.
    private const int MostSources = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Source> _sources = [];
    private int _banned;

    /// <summary>How many addresses are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _sources.Count;
        }
    }

    /// <summary>The addresses nothing of which is read.</summary>
    public IReadOnlyList<IPAddress> Banned()
    {
        if (Volatile.Read(ref _banned) == 0)
            return [];
        lock (_lock)
            return [.. _sources.Where(s => s.Value.IsBanned && time.GetElapsedTime(s.Value.Since).TotalSeconds < options.BanSeconds).Select(s => s.Key)];
    }

    /// <summary>Whether nothing of the address is read.</summary>
    public bool IsBanned(IPAddress address)
    {
        if (Volatile.Read(ref _banned) == 0)
            return false;
        lock (_lock)
        {
            if (!_sources.TryGetValue(address, out var source) || !source.IsBanned)
                return false;
            if (time.GetElapsedTime(source.Since).TotalSeconds < options.BanSeconds)
                return true;
            Forget(address, source);
            return false;
        }
    }

    /// <summary>Whether one more request of the address is answered within this second.</summary>
    public bool MayAnswer(IPAddress address)
    {
        if (options.StrangersPerSecond == 0)
            return true;
        lock (_lock)
        {
            if (SourceOf(address) is not { } source)
                return true;
            if (time.GetElapsedTime(source.SecondAt).TotalSeconds >= 1)
                (source.SecondAt, source.Answered) = (time.GetTimestamp(), 0);
            return source.Answered++ < options.StrangersPerSecond;
        }
    }

    /// <summary>Something of the address was refused; whether it is banned by that.</summary>
    public bool Failed(IPAddress address)
    {
        if (options.BanAfter == 0)
            return false;
        lock (_lock)
        {
            if (SourceOf(address) is not { IsBanned: false } source)
                return false;
            if (source.Failures == 0 || time.GetElapsedTime(source.Since).TotalSeconds >= options.BanWithinSeconds)
                (source.Since, source.Failures) = (time.GetTimestamp(), 0);
            if (++source.Failures < options.BanAfter)
                return false;
            (source.Since, source.IsBanned) = (time.GetTimestamp(), true);
            _banned++;
            return true;
        }
    }

    private Source? SourceOf(IPAddress address)
    {
        if (_sources.TryGetValue(address, out var source))
            return source;
        if (_sources.Count >= MostSources)
            ForgetOld();
        if (_sources.Count >= MostSources)
            return null;
        _sources.Add(address, source = new Source { Since = time.GetTimestamp(), SecondAt = time.GetTimestamp() });
        return source;
    }

    private void ForgetOld()
    {
        foreach (var (address, source) in _sources)
        {
            if (time.GetElapsedTime(source.Since).TotalSeconds >= (source.IsBanned ? options.BanSeconds : options.BanWithinSeconds))
                Forget(address, source);
        }
    }

    private void Forget(IPAddress address, Source source)
    {
        _sources.Remove(address);
        if (source.IsBanned)
            _banned--;
    }

    private sealed class Source
    {
        public long Since { get; set; }

        public int Failures { get; set; }

        public bool IsBanned { get; set; }

        public long SecondAt { get; set; }

        public int Answered { get; set; }
    }
}
