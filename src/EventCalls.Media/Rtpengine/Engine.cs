using System.Net;

namespace EventCalls.Media.Rtpengine;

/// <summary>One rtpengine, and whether it answers.</summary>
internal sealed class Engine(IPEndPoint address, TimeProvider time) : IDisposable
{
    private readonly NgClient _client = new(address, time);
    private volatile bool _isUp = true;

    /// <summary>How it is called: its address.</summary>
    public string Name { get; } = RtpengineAddress.Write(address);

    /// <summary>Our address as it sees it.</summary>
    public IPAddress Here => _client.Here;

    /// <summary>Whether it answered when it was last asked; taken for granted at first.</summary>
    public bool IsUp => _isUp;

    /// <summary>Asks it; null when it does not answer.</summary>
    public async Task<NgValue?> AskAsync(NgValue question)
    {
        var answer = await _client.AskAsync(question).ConfigureAwait(false);
        _isUp = answer is not null;
        return answer;
    }

    public void Dispose() => _client.Dispose();
}
