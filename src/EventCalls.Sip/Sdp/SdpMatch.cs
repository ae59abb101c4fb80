using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Sdp;

/// <summary>Compares an answer with the offer it answers (RFC 3264 §6).</summary>
public static class SdpMatch
{
    /// <summary>Why the answer cannot be used; null when at least one stream comes about.</summary>
    /// <remarks>An offer that cannot be read itself says nothing about its answer: then null.</remarks>
    public static string? WhyNot(ReadOnlySpan<byte> offer, ReadOnlySpan<byte> answer)
    {
        if (!SdpView.TryParse(offer, out _))
            return null;
        if (!SdpView.TryParse(answer, out var view))
            return "it is no session description";
        if (view.AudioPort > 0 && view.ConnectionAddress.IsEmpty)
            return "it says no address (c=)";
        int offered = 0, answered = 0, open = 0;
        bool comesAbout = false;
        var offers = offer;
        var answers = answer;
        while (true)
        {
            bool isOffered = SdpAnswer.TryTakeMedia(ref offers, out var offeredLine, out var offeredSection);
            bool isAnswered = SdpAnswer.TryTakeMedia(ref answers, out var answeredLine, out var answeredSection);
            if (!isOffered && !isAnswered)
                break;
            offered += isOffered ? 1 : 0;
            answered += isAnswered ? 1 : 0;
            if (!isOffered || !isAnswered)
                continue;
            if (!SdpMedia.TryParse(answeredLine, out var theirs))
                return $"its stream {answered} cannot be read";
            if (!SdpMedia.TryParse(offeredLine, out var ours))
                return null;
            if (!SipText.EqualsIgnoreCase(ours.Kind, theirs.Kind))
                return $"its stream {answered} is {SipText.Get(theirs.Kind)} where {SipText.Get(ours.Kind)} was offered";
            if (theirs.Port == 0 || ours.Port == 0)
                continue;
            // AVP for AVPF is taken as it comes; who encrypts and who does not never hear each other.
            if (IsSecure(ours) != IsSecure(theirs))
                return $"its stream {answered} is {SipText.Get(theirs.Protocol)} where {SipText.Get(ours.Protocol)} was offered";
            open++;
            comesAbout |= HaveFormat(ours, new FormatMap(offeredSection), theirs, new FormatMap(answeredSection));
        }
        if (offered != answered)
            return $"it has {answered} streams where {offered} were offered";
        if (open == 0)
            return offered == 0 ? null : "it refuses every stream";
        return comesAbout ? null : "it has no codec that was offered";
    }

    private static bool IsSecure(SdpMedia media) => media.Protocol.IndexOf("SAVP"u8) >= 0;

    private static bool HaveFormat(SdpMedia ours, FormatMap ourMap, SdpMedia theirs, FormatMap theirMap)
    {
        bool isRtp = ours.Protocol.IndexOf("RTP/"u8) >= 0;
        var formats = theirs.Formats;
        while (SdpLine.TakeWord(ref formats) is { IsEmpty: false } format)
        {
            var encoding = isRtp ? NameOf(theirMap.EncodingOf(format)) : default;
            if (isRtp && AudioCodecs.IsTelephoneEvent(encoding))
                continue;
            var offered = ours.Formats;
            while (SdpLine.TakeWord(ref offered) is { IsEmpty: false } other)
            {
                var otherEncoding = isRtp ? NameOf(ourMap.EncodingOf(other)) : default;
                // Each side may number a codec its own way (RFC 3264 §5.1); without a name the number says which it is.
                bool isSame = encoding.IsEmpty || otherEncoding.IsEmpty ? format.SequenceEqual(other) : SipText.EqualsIgnoreCase(encoding, otherEncoding);
                if (isSame && !AudioCodecs.IsTelephoneEvent(otherEncoding))
                    return true;
            }
        }
        return false;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> encoding)
    {
        int slash = encoding.IndexOf((byte)'/');
        return slash < 0 ? encoding : encoding[..slash];
    }
}
