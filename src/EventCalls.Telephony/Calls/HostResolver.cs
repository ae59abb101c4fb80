using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transport;

namespace EventCalls.Telephony.Calls;

/// <summary>A shard's way to the servers of host names: at once when they are known, and else by a question that comes back as work.</summary>
internal sealed class HostResolver(ServerFinder finder, Action<ShardWork> post)
{
    /// <summary>So many of a name's servers are tried or asked at most: more than any carrier has, and an answer may name hundreds.</summary>
    public const int MostServersOfName = 8;

    /// <summary>Answers at once what is known, and else when it is found; on the shard's thread.</summary>
    public void Resolve(ServerQuery query, HostResolution question)
    {
        if (finder.TryFind(query) is { } known)
            question.Answer(known);
        else
            _ = AskAsync(query, question);
    }

    /// <summary>The same for what is no call's: what <paramref name="answer"/> throws ends no call.</summary>
    public void Resolve(ServerQuery query, Action<FoundServers> answer)
    {
        if (finder.TryFind(query) is { } known)
            answer(known);
        else
            _ = AskAsync(query, answer);
    }

    /// <summary>What is known without asking; null when something must be asked.</summary>
    public FoundServers? TryFind(ServerQuery query) => finder.TryFind(query);

    /// <summary>Keeps the addresses of a host that were found elsewhere.</summary>
    internal void Keep(string host, System.Net.IPAddress[] addresses) => finder.Keep(host, addresses);

    private async Task AskAsync(ServerQuery query, HostResolution question)
    {
        question.Found = await finder.FindAsync(query).ConfigureAwait(false);
        post(question);
    }

    private async Task AskAsync(ServerQuery query, Action<FoundServers> answer) =>
        post(new Answered(answer, await finder.FindAsync(query).ConfigureAwait(false)));

    private sealed class Answered(Action<FoundServers> answer, FoundServers found) : ShardWork
    {
        protected override void Run() => answer(found);
    }
}
