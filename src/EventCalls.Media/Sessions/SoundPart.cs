using System.Buffers.Binary;
using EventCalls.Media.Audio;

namespace EventCalls.Media.Sessions;

/// <summary>A part of a sound that others play: a WAV file of G.711 that is short enough for one datagram, and how long it sounds.</summary>
internal sealed record SoundPart(byte[] File, TimeSpan Length)
{
    // 7 s: 56,000 bytes.
    private const int MostFrames = 350;
    private const int HeaderLength = 58;
    private const int FormatLength = 18;
    private const ushort MuLaw = 7;

    /// <summary>All parts of a clip; every one but the last is equally long.</summary>
    public static IReadOnlyList<SoundPart> Of(AudioClip clip)
    {
        var frames = clip.In(AudioCodec.Pcmu);
        var parts = new List<SoundPart>();
        for (int first = 0; first < clip.Frames; first += MostFrames)
        {
            int count = Math.Min(MostFrames, clip.Frames - first);
            byte[] file = new byte[HeaderLength + count * AudioFrame.Samples];
            WriteHeader(file);
            for (int i = 0; i < count; i++)
                frames[first + i].CopyTo(file.AsSpan(HeaderLength + i * AudioFrame.Samples));
            parts.Add(new SoundPart(file, TimeSpan.FromMilliseconds(count * AudioFrame.Milliseconds)));
        }
        return parts;
    }

    private static void WriteHeader(Span<byte> file)
    {
        int samples = file.Length - HeaderLength;
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(file[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], FormatLength);
        BinaryPrimitives.WriteUInt16LittleEndian(file[20..], MuLaw);
        BinaryPrimitives.WriteUInt16LittleEndian(file[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], AudioFrame.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], AudioFrame.SampleRate);
        BinaryPrimitives.WriteUInt16LittleEndian(file[32..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file[34..], 8);
        "fact"u8.CopyTo(file[38..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[42..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(file[46..], samples);
        "data"u8.CopyTo(file[50..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[54..], samples);
    }
}
