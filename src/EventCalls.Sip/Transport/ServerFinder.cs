using System.Net;
using EventCalls.Sip.Resolving;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>Finds the servers of URIs, for a whole node: who asks the same waits for the same look-up, and what was found or not is kept.</summary>
/// <remarks>Safe from any thread.</remarks>
public sealed class ServerFinder(Func<DnsQuestion, Task<DnsAnswer>> lookUp, LocalTransports local, TimeProvider time, ILogger logger)
{
    private const int MostSaid = 1_024;

    /// <summary>How long who asks waits for one answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly AnswerCache _cache = new();
    private readonly Dictionary<DnsQuestion, Task<DnsAnswer>> _looking = [];
    private readonly Dictionary<string, long> _saidAt = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Called with the addresses of the servers whenever they were asked for and found; from any thread.</summary>
    public Action<ServerQuery, IPAddress[]>? Found { get; set; }

    /// <summary>The servers where all that must be known is known; null when something must be asked.</summary>
    public FoundServers? TryFind(ServerQuery query)
    {
        var search = new ServerSearch(query, local);
        lock (_lock)
        {
            while (search.Questions.Count > 0)
            {
                foreach (var question in search.Questions.ToArray())
                {
                    if (!_cache.TryGet(question, Now, _looking.ContainsKey(question), out var answer))
                        return null;
                    search.Take(question, answer);
                }
            }
        }
        return search.Result;
    }

    /// <summary>The servers; none when there are none, or nobody answers in time.</summary>
    public async Task<FoundServers> FindAsync(ServerQuery query)
    {
        var search = new ServerSearch(query, local);
        while (search.Questions.Count > 0)
        {
            var questions = search.Questions.ToArray();
            var answers = await Task.WhenAll(questions.Select(AskAsync)).ConfigureAwait(false);
            for (int i = 0; i < questions.Length; i++)
                search.Take(questions[i], answers[i]);
        }
        var found = search.Result!;
        if (found.WhyNone is { } why)
            Say(query.Host, why);
        else
            Found?.Invoke(query, [.. found.Addresses]);
        return found;
    }

    /// <summary>Keeps the addresses of a host that were found elsewhere.</summary>
    public void Keep(string host, IReadOnlyList<IPAddress> addresses)
    {
        lock (_lock)
        {
            foreach (var family in addresses.GroupBy(a => a.AddressFamily))
            {
                var kind = family.Key == System.Net.Sockets.AddressFamily.InterNetwork ? DnsKind.A : DnsKind.Aaaa;
                _cache.Keep(DnsQuestion.Of(host, kind), new DnsAnswer { Status = DnsStatus.Found, Addresses = [.. family] }, Now);
            }
        }
    }

    private long Now => (long)time.GetElapsedTime(_startedAt).TotalMilliseconds;

    private async Task<DnsAnswer> AskAsync(DnsQuestion question)
    {
        Task<DnsAnswer> looking;
        lock (_lock)
        {
            bool isAsked = _looking.TryGetValue(question, out var running);
            if (_cache.TryGet(question, Now, isAsked, out var known))
                return known;
            looking = running ?? LookAsync(question);
            if (!isAsked && !looking.IsCompleted)
                _looking.Add(question, looking);
        }
        try
        {
            return await looking.WaitAsync(Patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_lock)
                return _cache.Keep(question, DnsAnswer.Silent("no answer in time"), Now);
        }
    }

    private async Task<DnsAnswer> LookAsync(DnsQuestion question)
    {
        DnsAnswer answer;
        try
        {
            answer = await lookUp(question).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            answer = DnsAnswer.Failed(e.Message);
        }
        // Under the lock, so that it cannot come before the look-up is noted as being under way.
        lock (_lock)
        {
            _looking.Remove(question);
            var used = _cache.Keep(question, answer, Now);
            if (used == answer)
                return answer;
            Say(question.Name, $"{question}: {answer.Said}; what was found before is used");
            return used;
        }
    }

    private void Say(string host, string why)
    {
        lock (_lock)
        {
            if (_saidAt.TryGetValue(host, out long at) && Now - at < s_silence.TotalMilliseconds)
                return;
            if (_saidAt.Count >= MostSaid)
                _saidAt.Clear();
            _saidAt[host] = Now;
        }
        logger.LogWarning("The host {Host} could not be resolved: {Reason}", host, why);
    }
}
