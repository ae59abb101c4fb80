using System.Collections.Concurrent;
using EventCalls.Contracts;

namespace EventCalls.Routing.Fetching;

/// <summary>Answers of a source by their keys, for a while. Safe from any thread.</summary>
internal sealed class AnswerCache(TimeSpan life, TimeProvider time)
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, (FetchAnswer Answer, long Since)> _kept = new(StringComparer.Ordinal);

    public FetchAnswer? Find(string key) =>
        life > TimeSpan.Zero && _kept.TryGetValue(key, out var kept) && time.GetElapsedTime(kept.Since) < life ? kept.Answer : null;

    public void Add(string key, FetchAnswer answer)
    {
        if (life <= TimeSpan.Zero)
            return;
        if (_kept.Count >= Most)
            MakeRoom();
        _kept[key] = (answer, time.GetTimestamp());
    }

    private void MakeRoom()
    {
        foreach (var (key, kept) in _kept)
        {
            if (time.GetElapsedTime(kept.Since) >= life)
                _kept.TryRemove(key, out _);
        }

        // All of them are young: what goes is asked for once more.
        if (_kept.Count >= Most)
            _kept.Clear();
    }
}
