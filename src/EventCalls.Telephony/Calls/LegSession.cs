using System.Buffers.Text;
using System.Text;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Telephony.Calls;

/// <summary>The session of one leg: what its peer last described, and one steady origin for all that it is told, wherever that comes from.</summary>
/// <remarks>
/// A caller, say, may hear one after another an answer of ours, an announcement, a first and a second target. In one dialog all of these
/// must be versions of one session (RFC 3264 §8), so once the source changes the o-line is written anew.
/// </remarks>
internal sealed class LegSession
{
    private List<EnginePair>? _pairs;
    private string? _origin;
    private string? _place;
    private ulong _version;
    private bool _rewrites;

    /// <summary>Its last description; null as long as it sent none.</summary>
    public Content? Described { get; private set; }

    /// <summary>Its media, when that goes through this node; null when it goes from one party to the other.</summary>
    public MediaLeg? Media { get; set; }

    /// <summary>Whose affair its media is; another call's once that has taken the leg over.</summary>
    public Call? MediaOf { get; set; }

    /// <summary>What its peer hears whole now; null for nothing that must not be cut short.</summary>
    public WholeSound? Whole { get; set; }

    /// <summary>Its leg; null as long as it is not dialled.</summary>
    public Leg? Leg { get; set; }

    /// <summary>Whether what it and whoever it is connected to say is transcoded where they have no codec in common.</summary>
    public bool Transcodes { get; set; }

    /// <summary>Whether its peer says that it takes INFO, and so digits in it.</summary>
    public bool TakesInfo => Leg?.PeerTakesInfo == true;

    /// <summary>Whether its peer has pressed digits in its audio.</summary>
    public bool PressesInAudio { get; set; }

    /// <summary>Whether its peer's INFO had a digit as plain text (<c>application/dtmf</c>).</summary>
    public bool PressesPlainly { get; set; }

    /// <summary>The last description that its peer was told; null as long as there is none.</summary>
    public Content? LastTold { get; private set; }

    /// <summary>Whether the caller's INVITE brought no offer, so that whoever answers it makes the offer.</summary>
    public bool OfferIsDelayed { get; init; }

    /// <summary>Whether its media and somebody's go through an rtpengine, or are about to.</summary>
    public bool HasEngine => _pairs?.Exists(static pair => !pair.IsOfOne) == true;

    /// <summary>What <see cref="LastTold"/> was made of, and whose that was; null when it was nobody's, or not by <see cref="Tell"/>.</summary>
    public (LegSession From, Content Description)? ToldOf { get; private set; }

    /// <summary>Keeps a description that came from there.</summary>
    public void Describe(Content? content)
    {
        if (content is null)
            return;
        Described = content;
        HearAgain();
    }

    /// <summary>Has its media go through this node from now on.</summary>
    public void Anchor(MediaLeg media)
    {
        Media = media;
        HearAgain();
    }

    /// <summary>What it was told last, on hold: ours from now on, so that it is a version of its own; null when nothing of it can be.</summary>
    public Content? Held()
    {
        if (LastTold is not { } told || SessionText.Held(told) is not { } held)
            return null;
        _rewrites = true;
        return held;
    }

    /// <summary>What came from there was refused: the session is as it was before (RFC 3261 §14.1), unless it has changed again since.</summary>
    public void TakeBack(Content? refused, Content? before)
    {
        if (refused is null || Described != refused)
            return;
        Described = before;
        HearAgain();
        foreach (var pair in _pairs ?? [])
            pair.Restore(this);
    }

    /// <summary>An answer that keeps the caller on hold, or lets it hear what is played to it where its media goes through this node; null when its offer cannot be answered.</summary>
    public Content? Hold(ReadOnlySpan<byte> offer, string localAddress, long sessionId) =>
        (Media is null ? SdpAnswer.TryInactive(offer, localAddress, sessionId, 1, out byte[] answer) : SdpAnswer.TryOpen(offer, localAddress, sessionId, 1, out answer)) ? Told(new Content("application/sdp", answer)) : null;

    /// <summary>An offer that keeps the caller on hold.</summary>
    public Content HoldOffer(string localAddress, long sessionId) =>
        Told(new Content("application/sdp", SdpAnswer.Offer(localAddress, sessionId, 1, isOpen: Media is not null)));

    /// <summary>Has another leg's description written as it must be seen there, and goes on with it: at once, or when the engine has answered that the media goes through.</summary>
    /// <param name="content">The description.</param>
    /// <param name="from">The session of the leg that it came from.</param>
    /// <param name="isOffer">Whether it is an offer; else it answers what was offered from there.</param>
    /// <param name="then">Gets it; or null and why it could not be written. It is not called when the call ends meanwhile.</param>
    public void Tell(Content content, LegSession from, bool isOffer, Action<Content?, string?> then)
    {
        if (!SessionText.Is(content) || PairWith(from) is not { } pair)
        {
            var told = Told(content, from);
            ToldOf = (from, content);
            then(told, null);
            return;
        }
        pair.Write(from, content, isOffer, (written, whyNot) =>
        {
            if (written is not null)
            {
                LastTold = OfOneSession(written);
                ToldOf = (from, content);
            }
            then(written is null ? null : LastTold, whyNot);
        });
    }

    /// <summary>The engine's part of the two; null where their media does not go through one.</summary>
    public EnginePair? PairWith(LegSession other) => _pairs?.Find(pair => pair.Has(other));

    /// <summary>It is one of a pair at an rtpengine.</summary>
    public void Enter(EnginePair pair) => (_pairs ??= []).Add(pair);

    /// <summary>It no longer is.</summary>
    public void Leave(EnginePair pair) => _pairs?.Remove(pair);

    /// <summary>A description of ours on its way there, or another leg's where no engine has a part in it, as it must be seen there.</summary>
    public Content Told(Content content) => Told(content, null);

    private Content Told(Content content, LegSession? from)
    {
        ToldOf = null;
        if (Media is { } media && SessionText.In(content) is { IsEmpty: false } description)
        {
            // What the two have in common hangs on who the other one is: while the next target rings, or when it has refused, that is who was there before.
            media.Transcodes = Transcodes || from?.Transcodes == true;
            content = SessionText.With(content, media.Told(description, from?.TakesInfo == true));
        }
        return LastTold = OfOneSession(content);
    }

    private Content OfOneSession(Content content)
    {
        if (!SessionText.Is(content) || !TryFindOrigin(content.Body.Span, out int start, out int length))
            return content;
        var line = content.Body.Span.Slice(start, length);
        if (!TrySplit(line, out var origin, out ulong version, out var place))
            return content;
        if (_origin is null)
        {
            _origin = SipText.Get(origin);
            _place = SipText.Get(place);
            _version = version;
            return content;
        }
        // Another text under a number that was told already, as an answer of ours may be, would be taken for the one before.
        bool isKnown = version <= _version && LastTold is { } last && !last.Body.Span.SequenceEqual(content.Body.Span);
        if (!_rewrites && !isKnown && Equal(_origin, origin) && Equal(_place!, place))
        {
            _version = Math.Max(_version, version);
            return content;
        }
        _rewrites = true;
        _version++;
        byte[] fresh = Encoding.UTF8.GetBytes($"{_origin} {_version} {_place}");
        var body = new byte[content.Body.Length - length + fresh.Length];
        content.Body.Span[..start].CopyTo(body);
        fresh.CopyTo(body, start);
        content.Body.Span[(start + length)..].CopyTo(body.AsSpan(start + fresh.Length));
        return content with { Body = body };
    }

    /// <summary>Offers a description to the leg's peer by re-INVITE. When that meets a change of the peer's, what was told meanwhile is newer, and the offer made again is newer still.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="description">The description.</param>
    /// <param name="from">The session of the leg that it came from.</param>
    /// <param name="handler">Who hears of the response.</param>
    /// <param name="goesOn">Whether it is still to be sent, when an engine had to be asked; null: it is.</param>
    /// <param name="notWritten">Called with the reason where it could not be written.</param>
    public void Offer(Leg leg, Content description, LegSession from, IRequestHandler? handler, Func<bool>? goesOn = null, Action<string>? notWritten = null) =>
        Tell(description, from, isOffer: true, (told, whyNot) =>
        {
            if (goesOn?.Invoke() == false)
                return;
            if (told is null)
                notWritten?.Invoke(whyNot!);
            else if (leg.State is LegState.Answered or LegState.Confirmed)
                leg.ReInvite(told, null, handler, renew: Again);
        });

    private Content Again(Content told)
    {
        if (!SessionText.Is(told) || !TryFindOrigin(told.Body.Span, out int start, out int length) || !TrySplit(told.Body.Span.Slice(start, length), out _, out ulong version, out _) || version >= _version)
            return told;
        _rewrites = true;
        return OfOneSession(told);
    }

    private void HearAgain()
    {
        if (Media is { } media && Described is { } described && SessionText.In(described) is { IsEmpty: false } description)
            media.Heard(description);
    }

    /// <summary>Finds what follows <c>o=</c> up to the line's end.</summary>
    private static bool TryFindOrigin(ReadOnlySpan<byte> body, out int start, out int length)
    {
        length = 0;
        start = body.IndexOf("\no="u8);
        if (start < 0)
            return false;
        start += 3;
        length = body[start..].IndexOfAny((byte)'\r', (byte)'\n');
        return length > 0;
    }

    /// <summary>Takes <c>user session version place</c> apart: what stays, the number, and what stays behind it (RFC 8866 §5.2).</summary>
    private static bool TrySplit(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> origin, out ulong version, out ReadOnlySpan<byte> place)
    {
        origin = place = default;
        version = 0;
        int first = line.IndexOf((byte)' ');
        int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)' ');
        if (second < 0)
            return false;
        second += first + 1;
        int third = line[(second + 1)..].IndexOf((byte)' ');
        if (third < 0)
            return false;
        third += second + 1;
        origin = line[..second];
        place = line[(third + 1)..];
        return Utf8Parser.TryParse(line[(second + 1)..third], out version, out int read) && read == third - second - 1;
    }

    private static bool Equal(string text, ReadOnlySpan<byte> bytes)
    {
        if (text.Length != bytes.Length)
            return false;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (text[i] != bytes[i])
                return false;
        }
        return true;
    }
}
