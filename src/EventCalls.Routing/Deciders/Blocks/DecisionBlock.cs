using EventCalls.Contracts;
using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Blocks;

/// <summary>Requests for decisions of past calls, written once, however many deciders are asked.</summary>
public sealed class DecisionBlock
{
    private readonly WireWriter _bytes = new();
    private readonly List<(DecisionRequest Request, int Begin, int End)> _requests = [];

    /// <summary>How many there are.</summary>
    public int Count => _requests.Count;

    /// <summary>Adds one.</summary>
    /// <param name="request">What is decided.</param>
    /// <param name="recorded">The answers to look-ups that are on record.</param>
    public void Add(DecisionRequest request, IReadOnlyList<LookupAnswer> recorded)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(recorded);
        int begin = _bytes.Length;
        SeenWire.Write(_bytes, request, recorded);
        _requests.Add((request, begin, _bytes.Length));
    }

    /// <summary>Forgets them; what was asked must have been answered.</summary>
    public void Clear()
    {
        _bytes.Clear();
        _requests.Clear();
    }

    internal DecisionRequest this[int index] => _requests[index].Request;

    internal ReadOnlySpan<byte> BytesOf(int index)
    {
        var (_, begin, end) = _requests[index];
        return _bytes.Written[begin..end];
    }
}
