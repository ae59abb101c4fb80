using System.Net;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <summary>The way of what the two of a pair say from their engine through this node and back, so that somebody here can speak to them; their phones are told nothing of it.</summary>
internal sealed class EngineHairpin
{
    private readonly EnginePair _pair;
    private readonly RtpengineSession _engine;
    private readonly Lock _gate = new();
    private TaskCompletionSource<byte[]?>? _asked;
    private bool _isOver;

    /// <summary>Its two ends here, connected with each other; nothing comes to them yet.</summary>
    public EngineHairpin(EnginePair pair, RtpengineSession engine, MediaRelay relay, IPAddress here)
    {
        (_pair, _engine) = (pair, engine);
        ToFirst = relay.Open(here, here, onDigit: (digit, ms) => pair.OnPressed(pair.First, digit, ms));
        ToSecond = relay.Open(here, here, onDigit: (digit, ms) => pair.OnPressed(pair.Second, digit, ms));
        // An engine that transcodes does so no more: either end has the codecs of its side.
        ToFirst.Transcodes = ToSecond.Transcodes = true;
        MediaLeg.Connect(ToFirst, ToSecond);
    }

    /// <summary>What the first side says comes here, and what this says is heard by it.</summary>
    public MediaLeg ToFirst { get; }

    /// <summary>The same of the second one.</summary>
    public MediaLeg ToSecond { get; }

    /// <summary>Has the engine lead them here; again when a side has described its session anew. As long as one has not, it does nothing.</summary>
    public void Lead()
    {
        if (!_isOver && WordsOf(_pair.First) is { } first && WordsOf(_pair.Second) is { } second)
            _ = LeadAsync(first, second);
    }

    /// <summary>Ends it here.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _asked?.TrySetResult(null);
        }
        ToFirst.Close();
        ToSecond.Close();
    }

    private static RtpengineWords? WordsOf(LegSession side) =>
        side is { Described: { } described, LastTold: { } told } && SessionText.Is(described) && SessionText.Is(told) ? new RtpengineWords(described.Body, told.Body) : null;

    private async Task LeadAsync(RtpengineWords first, RtpengineWords second)
    {
        string? whyNot = await _engine.LeadHereAsync(first, second, (isOfFirst, offer) =>
            isOfFirst ? AnswerAsync(ToFirst, offer, first.Told) : AnswerAsync(ToSecond, offer, second.Told)).ConfigureAwait(false);
        if (whyNot is not null)
            _pair.Post(_ => OnNotLed(whyNot));
    }

    /// <summary>Answers on the call's thread; with nothing as soon as this is over, which may be before the call gets to it.</summary>
    private Task<byte[]?> AnswerAsync(MediaLeg end, byte[] offer, ReadOnlyMemory<byte> told)
    {
        var answer = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isOver)
                return Task.FromResult<byte[]?>(null);
            _asked = answer;
        }
        _pair.Post(_ =>
        {
            try
            {
                answer.TrySetResult(end.Take(offer, told.Span));
            }
            finally
            {
                answer.TrySetResult(null);
            }
        });
        return answer.Task;
    }

    private void OnNotLed(string whyNot)
    {
        if (!_isOver)
            _pair.OnNotLed(whyNot);
    }
}
