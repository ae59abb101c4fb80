using System.Net;
using System.Net.Sockets;

namespace EventCalls.Media.Rtpengine;

/// <content>Copies of what a side says, decrypted and as it came, which the engine sends wherever it is told (its subscriptions).</content>
public sealed partial class RtpengineSession
{
    /// <summary>Our address as the engine sees it; null as long as none is chosen.</summary>
    public IPAddress? Here => _engine?.Here;

    /// <summary>Has the engine offer a copy of what a side says, or offer it anew.</summary>
    /// <param name="isOfFirst">Whether it is the first side's.</param>
    public Task<RtpengineAnswer> OfferCopyAsync(bool isOfFirst) => InTurnAsync(async () =>
    {
        _hasOthers = true;
        var fields = CopyFields("subscribe request", isOfFirst);
        fields["transport-protocol"] = NgValue.Of("RTP/AVP");
        fields["ICE"] = NgValue.Of("remove");
        fields["DTLS"] = NgValue.Of("off");
        fields["SDES"] = NgValue.ListOf("off");
        fields["rtcp-mux"] = NgValue.ListOf("demux");
        if (Here is { } here)
            fields["address family"] = NgValue.Of(here.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4");
        var (answer, whyNot) = await AskAsync(fields).ConfigureAwait(false);
        return whyNot is null && answer?["sdp"]?.Bytes is { } offer ? new RtpengineAnswer(offer.ToArray(), null) : new RtpengineAnswer(null, whyNot ?? "it offers no description");
    });

    /// <summary>Takes the copy that the engine has offered; null, or why it is not sent.</summary>
    /// <param name="isOfFirst">Whether it is the first side's.</param>
    /// <param name="description">Where it is to be sent to.</param>
    public Task<string?> TakeCopyAsync(bool isOfFirst, ReadOnlyMemory<byte> description) => InTurnAsync(async () =>
    {
        var fields = CopyFields("subscribe answer", isOfFirst);
        fields["sdp"] = NgValue.Of(description);
        return (await AskAsync(fields).ConfigureAwait(false)).WhyNot;
    });

    /// <summary>Has no copy sent any more.</summary>
    /// <param name="isOfFirst">Whether it is the first side's.</param>
    public Task EndCopyAsync(bool isOfFirst) => InTurnAsync(() => AskAsync(CopyFields("unsubscribe", isOfFirst)));

    private Dictionary<string, NgValue> CopyFields(string command, bool isOfFirst)
    {
        var fields = Fields(command);
        string tag = (isOfFirst ? _first : _second).Tag;
        fields["from-tag"] = NgValue.Of(tag);
        fields["to-tag"] = NgValue.Of($"{tag}-copy");
        fields["flags"] = NgValue.ListOf("trust-address");
        fields["replace"] = NgValue.ListOf("origin", "session-connection");
        return fields;
    }

    private async Task<(NgValue? Answer, string? WhyNot)> AskAsync(Dictionary<string, NgValue> fields)
    {
        if (_isClosed || _engine is not { } engine)
            return (null, "its session is over");
        var answer = await engine.AskAsync(NgValue.Of(fields)).ConfigureAwait(false);
        return answer?["result"]?.Text == "ok" ? (answer, null) : (null, $"{engine.Name} {WhyNot(answer)}");
    }
}
