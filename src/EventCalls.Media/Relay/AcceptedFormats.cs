using EventCalls.Media.Audio;

namespace EventCalls.Media.Relay;

/// <summary>What a party has said that it takes, by the numbers it has for it, most wanted first. It never changes, so any thread may read it.</summary>
internal sealed class AcceptedFormats(IReadOnlyList<(int Type, PayloadFormat Format)> formats)
{
    private readonly PayloadFormat?[] _byType = ByType(formats);

    /// <summary>All of them.</summary>
    public IReadOnlyList<(int Type, PayloadFormat Format)> All => formats;

    /// <summary>Whether it takes digits (RFC 4733).</summary>
    public bool HasEvents => EventsFor(0) is not null;

    /// <summary>Whether the number means the same format to it.</summary>
    public bool Has(int type, PayloadFormat format) => _byType[type] is { } known && (ReferenceEquals(known, format) || known.IsSame(format));

    /// <summary>Its number for a format; null when it does not take that.</summary>
    public int? TypeOf(PayloadFormat format)
    {
        foreach (var (type, known) in formats)
        {
            if (known.IsSame(format))
                return type;
        }
        return null;
    }

    /// <summary>The codec in which it is best let hear what comes in another one: no dearer than it must be, and else what it wants most; null when it takes none that is made here.</summary>
    public (AudioCodec Codec, int Type)? Fitting(AudioCodec from)
    {
        (AudioCodec, int)? first = null;
        foreach (var (type, format) in formats)
        {
            if (format.Codec is not { } codec)
                continue;
            if (from == AudioCodec.Opus || codec != AudioCodec.Opus)
                return (codec, type);
            first ??= (codec, type);
        }
        return first;
    }

    /// <summary>Its digits of a clock rate, else of any; null when it takes none.</summary>
    public (int Type, int ClockRate)? EventsFor(int clockRate)
    {
        (int, int)? first = null;
        foreach (var (type, format) in formats)
        {
            if (!format.IsEvents)
                continue;
            if (format.ClockRate == clockRate)
                return (type, clockRate);
            first ??= (type, format.ClockRate);
        }
        return first;
    }

    private static PayloadFormat?[] ByType(IReadOnlyList<(int Type, PayloadFormat Format)> formats)
    {
        var byType = new PayloadFormat?[128];
        foreach (var (type, format) in formats)
            byType[type] ??= format;
        return byType;
    }
}
