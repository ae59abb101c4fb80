using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <content>What the two say on its way from the engine through this node and back: there each of them is connected with us, and their phones keep what they were told.</content>
public sealed partial class RtpengineSession
{
    /// <summary>Has what the two say come here instead of going to each other; null, or why it does not. Nothing else is asked in between; it is to be asked again when a side has described its session anew.</summary>
    /// <param name="first">The first side's words.</param>
    /// <param name="second">The second one's.</param>
    /// <param name="goesOn">Whether it is still wanted when its turn comes; asked by any thread.</param>
    /// <param name="answer">Answers what the engine offers in the name of the first side (true) or of the second, as that one's peer has answered it; null where that cannot be.</param>
    public Task<string?> LeadHereAsync(RtpengineWords first, RtpengineWords second, Func<bool> goesOn, Func<bool, byte[], Task<byte[]?>> answer) => InTurnAsync(async () =>
    {
        if (!goesOn())
            return "it is not wanted any more";
        _hasOthers = true;
        return await LeadHereAsync(_first, first, offer => answer(true, offer)).ConfigureAwait(false)
            ?? await LeadHereAsync(_second, second, offer => answer(false, offer)).ConfigureAwait(false);
    });

    private async Task<string?> LeadHereAsync(RtpengineSide side, RtpengineWords words, Func<byte[], Task<byte[]?>> answer)
    {
        if (Here is not { } address)
            return "no engine has it";
        var here = new RtpengineSide($"{side.Tag}-here", MediaProtection.None, address.AddressFamily) { IsHere = true };
        var offer = await WriteAsync("offer", side, here, words.Described, default).ConfigureAwait(false);
        if (offer.Description is null)
            return offer.WhyNot;
        if (await answer(offer.Description).ConfigureAwait(false) is not { } ours)
            return "no port for it is free (Media:Ports), or it has no audio";
        var written = await WriteAsync("answer", here, side, ours, words.Described).ConfigureAwait(false);
        return written.Description is null ? written.WhyNot : WhyLost(words.Told.Span, written.Description);
    }

    /// <summary>Why a side, which is told nothing of this, would hear nothing more: the engine has other ports or keys for it now.</summary>
    private string? WhyLost(ReadOnlySpan<byte> told, ReadOnlySpan<byte> written)
    {
        var (before, now) = (DescribedStream.ReadAll(told), DescribedStream.ReadAll(written));
        for (int i = 0; i < before.Count; i++)
        {
            if (before[i] is not { IsRtp: true, Port: > 0 })
                continue;
            if (i >= now.Count || before[i].Port != now[i].Port || !Equals(before[i].Address, now[i].Address))
                return $"{_engine?.Name} would have its stream {i + 1} at another port";
            if (before[i].Keys.Cryptos is { Count: > 0 } keys && !keys.Any(key => now[i].Keys.Cryptos.Any(other => other.Key.IsSame(key.Key))))
                return $"{_engine?.Name} would have other keys for its stream {i + 1}";
        }
        return null;
    }
}
