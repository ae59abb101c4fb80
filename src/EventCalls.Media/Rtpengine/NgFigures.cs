using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <summary>Reads what an engine says of a session, in the answers to <c>query</c> and <c>delete</c>.</summary>
internal static class NgFigures
{
    private const double TenthsOfMos = 10;

    /// <summary>Reads the figures of both sides.</summary>
    public static RtpengineFigures Read(NgValue answer, string first, string second)
    {
        if (answer["tags"] is not { Fields: not null } tags)
            return new RtpengineFigures(answer["result"]?.Text != "error", null, null);
        var (one, other) = (StreamOf(tags[first]), StreamOf(tags[second]));
        return new RtpengineFigures(true, Counts(one, other, answer["SSRC"]), Counts(other, one, answer["SSRC"]));
    }

    /// <summary>The first audio media of a side and the stream of its RTP.</summary>
    private static (NgValue Media, NgValue Stream)? StreamOf(NgValue? tag)
    {
        var media = tag?["medias"]?.List?.FirstOrDefault(m => m["type"]?.Text == "audio");
        return media?["streams"]?.List is [var stream, ..] ? (media, stream) : null;
    }

    private static MediaCounts? Counts((NgValue Media, NgValue Stream)? of, (NgValue Media, NgValue Stream)? other, NgValue? sources)
    {
        if (of is not var (media, stream))
            return null;
        var source = stream["SSRC"]?.Number is { } number ? sources?[$"{number}"] : null;
        var average = source?["average MOS"];
        return new MediaCounts(Packets(stream), source?["cumulative loss"]?.Number ?? 0, other is var (_, from) ? Packets(from) : 0, 0)
        {
            Codec = media["codec"]?.Text?.Split('/')[0],
            JitterMs = average?["jitter"]?.Number,
            Mos = average?["MOS"]?.Number is { } mos ? mos / TenthsOfMos : null,
        };
    }

    private static long Packets(NgValue stream) => stream["stats"]?["packets"]?.Number ?? 0;
}
