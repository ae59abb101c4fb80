using System.Net;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <summary>The way of what the two of a pair say from their engine through this node and back, so that somebody here can speak to them; their phones are told nothing of it.</summary>
internal sealed class EngineHairpin
{
    // A side that is offered something anew and says nothing to it has its monitors heard again.
    private const int MostRestMs = 2000;

    private readonly EnginePair _pair;
    private readonly RtpengineSession _engine;
    private readonly Overdue _overdue;
    private readonly Lock _gate = new();
    private TaskCompletionSource<byte[]?>? _asked;
    private int _lead;
    private bool _hasBegun;
    private bool _isOver;

    /// <summary>Its two ends here, connected with each other; nothing comes to them yet.</summary>
    public EngineHairpin(Call call, EnginePair pair, RtpengineSession engine, MediaRelay relay, IPAddress here)
    {
        (_pair, _engine, _overdue) = (pair, engine, new Overdue(call, this));
        ToFirst = relay.Open(here, here, onDigit: (digit, ms) => pair.OnPressed(pair.First, digit, ms));
        ToSecond = relay.Open(here, here, onDigit: (digit, ms) => pair.OnPressed(pair.Second, digit, ms));
        // An engine that transcodes does so no more: either end has the codecs of its side.
        ToFirst.Transcodes = ToSecond.Transcodes = true;
        MediaLeg.Connect(ToFirst, ToSecond);
    }

    /// <summary>Whether the two may be connected with each other at their engine again, so that neither hears anything from here.</summary>
    public bool IsResting { get; private set; }

    /// <summary>What the first side says comes here, and what this says is heard by it.</summary>
    public MediaLeg ToFirst { get; }

    /// <summary>The same of the second one.</summary>
    public MediaLeg ToSecond { get; }

    /// <summary>Has the engine lead them here; again when a side has described its session anew. As long as one has not, or there is no audio, it does nothing.</summary>
    public void Lead()
    {
        _overdue.Stop();
        if (!_isOver && WordsOf(_pair.First) is { } first && WordsOf(_pair.Second) is { } second)
            _ = LeadAsync(first, second, Interlocked.Increment(ref _lead));
    }

    /// <summary>A side describes its session anew, by which the engine connects the two with each other: they would hear what comes from here beside that.</summary>
    public void Rest()
    {
        Interlocked.Increment(ref _lead);
        _overdue.Start(MostRestMs);
        if (IsResting)
            return;
        IsResting = true;
        foreach (var end in new[] { ToFirst, ToSecond })
        {
            end.HearMix();
            end.Disconnect();
        }
    }

    /// <summary>Ends it here; whether the engine may have begun to lead them.</summary>
    public bool End()
    {
        bool hasBegun;
        lock (_gate)
        {
            (_isOver, hasBegun) = (true, _hasBegun);
            _asked?.TrySetResult(null);
        }
        _overdue.Stop();
        ToFirst.Close();
        ToSecond.Close();
        return hasBegun;
    }

    private static RtpengineWords? WordsOf(LegSession side) =>
        side is { Described: { } described, LastTold: { } told } && SessionText.Is(described) && SessionText.Is(told) && new RtpengineWords(described.Body, told.Body) is { HaveAudio: true } words ? words : null;

    private async Task LeadAsync(RtpengineWords first, RtpengineWords second, int lead)
    {
        string? whyNot = await _engine.LeadHereAsync(first, second, () => TryBegin(lead), (isOfFirst, offer) =>
            isOfFirst ? AnswerAsync(ToFirst, offer, first.Told) : AnswerAsync(ToSecond, offer, second.Told)).ConfigureAwait(false);
        _pair.Post(call => OnAsked(call, lead, whyNot));
    }

    private bool TryBegin(int lead)
    {
        lock (_gate)
            return !_isOver && Volatile.Read(ref _lead) == lead && (_hasBegun = true);
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

    private void OnAsked(Call call, int lead, string? whyNot)
    {
        // Whatever has come in between has it asked again.
        if (_isOver || lead != _lead)
            return;
        if (whyNot is not null)
        {
            _pair.OnNotLed(whyNot);
            return;
        }
        if (!IsResting)
            return;
        IsResting = false;
        MediaLeg.Connect(ToFirst, ToSecond);
        call.OnLed();
    }

    private sealed class Overdue(Call call, EngineHairpin hairpin) : CallTimer(call)
    {
        protected override void Fire() => hairpin.Lead();
    }
}
