using EventCalls.Media.Audio;
using EventCalls.Media.Relay;

namespace EventCalls.Media.Sessions;

/// <summary>Which formats a leg's peer is told, beside those that the other side has: what is turned into one another here (RFC 3264 §5.1, §6.1).</summary>
/// <remarks>
/// An offer is enlarged by what can be made of its audio; an answer names nothing that the peer has not offered, and, where the other side took none of that, what is made of
/// what it took. Digits are offered and answered where the other side takes them in INFO only.
/// </remarks>
internal sealed class FormatTerms
{
    private const int FirstDynamic = 96;
    private const int EventsType = 101;

    private IReadOnlyList<DescribedStream>? _offered;
    private bool _isAwaited;

    /// <summary>Whether audio is turned from one codec into another where the two sides have none in common.</summary>
    public bool Transcodes { get; set; }

    /// <summary>The peer has described its session: what it has not been asked for says what it is able to do.</summary>
    public void Heard(IReadOnlyList<DescribedStream> streams)
    {
        if (!_isAwaited)
            _offered = streams;
        _isAwaited = false;
    }

    /// <summary>The description as the peer is to see it.</summary>
    /// <param name="description">As the other side wrote it.</param>
    /// <param name="streams">What that says.</param>
    /// <param name="takesInfo">Whether the other side takes digits in INFO.</param>
    public ReadOnlySpan<byte> Told(ReadOnlySpan<byte> description, IReadOnlyList<DescribedStream> streams, bool takesInfo)
    {
        _isAwaited = _offered is null;
        FormatChange?[]? changes = null;
        for (int i = 0; i < streams.Count; i++)
        {
            if (streams[i] is not { IsAudio: true, IsRtp: true, Port: > 0 } stream)
                continue;
            var change = new FormatChange();
            if (_offered is null)
                Enlarge(change, stream.Formats, takesInfo);
            else if (i < _offered.Count && _offered[i].IsAudio)
                Answer(change, stream.Formats, _offered[i].Formats, takesInfo);
            if (!change.IsEmpty)
                (changes ??= new FormatChange?[streams.Count])[i] = change;
        }
        return changes is null ? description : ChangedFormats.Write(description, changes);
    }

    private void Enlarge(FormatChange change, IReadOnlyList<(int Type, PayloadFormat Format)> formats, bool takesInfo)
    {
        var all = formats.ToList();
        if (Transcodes && formats.Any(static f => f.Format.Codec is not null))
        {
            foreach (var codec in AudioCodec.All)
            {
                if (!all.Exists(f => f.Format.Codec == codec))
                    Add(change.Behind, all, codec.PayloadType, new PayloadFormat(codec.Name, codec.ClockRate));
            }
        }
        bool hasEvents = formats.Any(static f => f.Format.IsEvents);
        if (!hasEvents && !takesInfo)
            return;
        // Digits count by the clock of the audio they are among (RFC 4733 §2.1).
        var added = hasEvents ? change.Behind.Select(static f => f.Format) : all.Select(static f => f.Format);
        foreach (int rate in added.Where(static f => f.Codec is not null).Select(static f => f.ClockRate).Distinct().ToArray())
        {
            if (!all.Exists(f => f.Format.IsEvents && f.Format.ClockRate == rate))
                Add(change.Behind, all, EventsType, new PayloadFormat(PayloadFormat.Events, rate));
        }
    }

    private void Answer(FormatChange change, IReadOnlyList<(int Type, PayloadFormat Format)> formats, IReadOnlyList<(int Type, PayloadFormat Format)> offered, bool takesInfo)
    {
        var peers = new AcceptedFormats(offered);
        PayloadFormat? heard = formats.FirstOrDefault(f => f.Format.IsTimed && peers.TypeOf(f.Format) is not null).Format;
        if (Transcodes)
        {
            if (heard is null && formats.FirstOrDefault(static f => f.Format.Codec is not null).Format?.Codec is { } from && peers.Fitting(from) is var (codec, type))
                change.InFront.Add((type, heard = new PayloadFormat(codec.Name, codec.ClockRate)));
            if (heard is not null)
                change.Dropped.AddRange(formats.Where(f => !f.Format.IsEvents && peers.TypeOf(f.Format) is null).Select(static f => f.Type));
        }
        bool hasEvents = formats.Any(static f => f.Format.IsEvents);
        if (!peers.HasEvents || (Transcodes && heard is not null && hasEvents))
            change.Dropped.AddRange(formats.Where(f => f.Format.IsEvents && peers.TypeOf(f.Format) is null).Select(static f => f.Type));
        bool isHeard = formats.Any(f => f.Format.IsEvents && !change.Dropped.Contains(f.Type));
        if (!isHeard && (hasEvents || takesInfo) && peers.EventsFor(heard?.ClockRate ?? 8000) is var (events, rate))
            change.Behind.Add((events, new PayloadFormat(PayloadFormat.Events, rate)));
        // A number that is given to something else now is the peer's own for it.
        change.Dropped.AddRange(formats.Where(f => !change.Dropped.Contains(f.Type) && change.Added.Any(a => a.Type == f.Type)).Select(static f => f.Type).ToArray());
    }

    private static void Add(List<(int, PayloadFormat)> to, List<(int Type, PayloadFormat Format)> all, int preferred, PayloadFormat format)
    {
        int type = preferred;
        // Static numbers mean what they mean; of the others any that is free will do (RFC 3551 §3).
        for (int next = FirstDynamic; all.Exists(f => f.Type == type); next++)
        {
            if (next > 127)
                return;
            type = next;
        }
        all.Add((type, format));
        to.Add((type, format));
    }
}
