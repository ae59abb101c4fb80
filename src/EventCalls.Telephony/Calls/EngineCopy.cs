using System.Net;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <summary>A copy of what one side of a pair says, which the engine sends to a port of this node: for its recording, its digits and whoever listens.</summary>
internal sealed class EngineCopy
{
    private readonly EnginePair _pair;
    private readonly RtpengineSession _engine;
    private readonly bool _isOfFirst;
    private bool _isOver;

    /// <summary>Asks the engine for it.</summary>
    public EngineCopy(EnginePair pair, RtpengineSession engine, LegSession side, bool isOfFirst, MediaRelay relay, IPAddress here)
    {
        (_pair, _engine, Side, _isOfFirst) = (pair, engine, side, isOfFirst);
        Media = relay.Open(here, here, onDigit: (digit, ms) => pair.Post(call => call.OnPressed(side, digit, ms)));
        _ = OfferAsync();
    }

    /// <summary>Whose it is.</summary>
    public LegSession Side { get; }

    /// <summary>What comes of it here.</summary>
    public MediaLeg Media { get; }

    /// <summary>Whether the engine sends it.</summary>
    public bool IsSent { get; private set; }

    /// <summary>The side's packets may have other numbers from now on.</summary>
    public void Number()
    {
        // It sends by what it was told, and where that says nothing by its own.
        foreach (var content in new[] { Side.Described, Side.LastTold })
        {
            if (content is not null && SessionText.In(content) is { IsEmpty: false } description)
                Media.Number(description);
        }
    }

    /// <summary>It is not wanted any more.</summary>
    /// <param name="isSessionOver">Whether all of the session is over, so that the engine need not be told.</param>
    public void End(bool isSessionOver)
    {
        if (_isOver)
            return;
        (_isOver, IsSent) = (true, false);
        Media.Close();
        if (!isSessionOver)
            _ = _engine.EndCopyAsync(_isOfFirst);
    }

    private async Task OfferAsync()
    {
        var offer = await _engine.OfferCopyAsync(_isOfFirst).ConfigureAwait(false);
        _pair.Post(_ => OnOffered(offer));
    }

    private async Task TakeAsync(byte[] answer)
    {
        string? whyNot = await _engine.TakeCopyAsync(_isOfFirst, answer).ConfigureAwait(false);
        _pair.Post(_ => OnTaken(whyNot));
    }

    private void OnOffered(RtpengineAnswer offer)
    {
        if (_isOver)
            return;
        if (offer.Description is not { } description)
        {
            OnTaken(offer.WhyNot);
            return;
        }
        if (Media.TakeCopy(description) is not { } answer)
        {
            OnTaken("no port for it is free (Media:Ports), or it has no audio");
            return;
        }
        Number();
        _ = TakeAsync(answer);
    }

    private void OnTaken(string? whyNot)
    {
        if (_isOver)
            return;
        IsSent = whyNot is null;
        _pair.OnCopied(whyNot);
    }
}
