using System.Buffers.Binary;

namespace EventCalls.Media.Audio;

/// <summary>Reads WAV files: PCM of 8, 16, 24 and 32 bits, floating point, µ-law and A-law, any number of channels, any rate from 8 to 192 kHz.</summary>
internal static class WavFile
{
    /// <summary>As long as a file may be, bytes.</summary>
    public const long MostBytes = 256 << 20;

    private const string Remedy = "convert it, for example with: sox in.wav -r 8000 -c 1 -b 16 out.wav";

    private enum Coding
    {
        Pcm = 1,
        Float = 3,
        ALaw = 6,
        MuLaw = 7,
        Extensible = 0xFFFE,
    }

    /// <summary>Reads a file as one channel at 8 kHz.</summary>
    /// <exception cref="AudioFileException">It cannot be read, or is no WAV of these kinds.</exception>
    public static short[] Read(string path)
    {
        byte[] bytes;
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MostBytes)
                throw new AudioFileException(path, $"is {length >> 20} MiB long, and {MostBytes >> 20} are the most; shorten it or {Remedy}");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new AudioFileException(path, $"cannot be read ({e.Message}); give the path of a WAV file that the service may read", e);
        }
        return Decode(path, bytes);
    }

    /// <summary>Decodes what was read of a file; its name is for errors alone.</summary>
    /// <exception cref="AudioFileException">It is no WAV of these kinds.</exception>
    public static short[] Decode(string path, ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
            throw new AudioFileException(path, $"is {KindOf(file)} and no WAV file; {Remedy}");
        ReadOnlySpan<byte> format = default;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var name = rest[..4];
            rest = rest[8..];
            if (name.SequenceEqual("fmt "u8))
            {
                format = rest[..(int)Math.Min(size, rest.Length)];
            }
            else if (name.SequenceEqual("data"u8))
            {
                // Who wrote it as a stream did not know the size, or was ended before it was put right: then it is what is there.
                var data = size is 0 || size > rest.Length ? rest : rest[..(int)size];
                return Decode(path, format, data);
            }
            long next = size + (size & 1L);
            if (next > rest.Length)
                break;
            rest = rest[(int)next..];
        }
        throw new AudioFileException(path, $"has no audio in it (no chunk 'data'): it may have been cut off; copy it again or {Remedy}");
    }

    private static short[] Decode(string path, ReadOnlySpan<byte> format, ReadOnlySpan<byte> data)
    {
        if (format.Length < 16)
            throw new AudioFileException(path, $"does not say its format (no chunk 'fmt ' before 'data'); {Remedy}");
        var coding = (Coding)BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (coding == Coding.Extensible && format.Length >= 26)
            coding = (Coding)BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        bool known = (coding, bits) is (Coding.Pcm, 8 or 16 or 24 or 32) or (Coding.Float, 32 or 64) or (Coding.ALaw or Coding.MuLaw, 8);
        if (!known)
            throw new AudioFileException(path, $"holds audio of format {(int)coding} with {bits} bits, which is not read; {Remedy}");
        if (channels is < 1 or > 64)
            throw new AudioFileException(path, $"says that it has {channels} channels; {Remedy}");
        if (rate is < 8000 or > 192_000)
            throw new AudioFileException(path, $"has {rate} samples a second, and 8000 to 192000 can be read; {Remedy}");
        int frames = data.Length / (channels * bits / 8);
        if (frames == 0)
            throw new AudioFileException(path, "has no audio in it (0 samples); record it again");
        var mono = new float[frames];
        for (int i = 0, at = 0; i < frames; i++)
        {
            float sum = 0;
            for (int channel = 0; channel < channels; channel++, at += bits / 8)
                sum += Sample(coding, bits, data[at..]);
            mono[i] = sum / channels;
        }
        var samples = Resampler.ToTelephone(mono, (int)rate);
        var result = new short[samples.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = float.IsNaN(samples[i]) ? (short)0 : (short)Math.Clamp(MathF.Round(samples[i] * 32768), short.MinValue, short.MaxValue);
        return result;
    }

    private static float Sample(Coding coding, int bits, ReadOnlySpan<byte> at) => (coding, bits) switch
    {
        (Coding.Pcm, 8) => (at[0] - 128) / 128f,
        (Coding.Pcm, 16) => BinaryPrimitives.ReadInt16LittleEndian(at) / 32_768f,
        (Coding.Pcm, 24) => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) / 2_147_483_648f,
        (Coding.Pcm, _) => BinaryPrimitives.ReadInt32LittleEndian(at) / 2_147_483_648f,
        (Coding.Float, 32) => BinaryPrimitives.ReadSingleLittleEndian(at),
        (Coding.Float, _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
        (Coding.ALaw, _) => G711.DecodeALaw(at[0]) / 32_768f,
        _ => G711.DecodeMuLaw(at[0]) / 32_768f,
    };

    private static string KindOf(ReadOnlySpan<byte> file) => file switch
    {
        [] => "empty",
        [(byte)'I', (byte)'D', (byte)'3', ..] or [0xFF, 0xFB or 0xF3 or 0xF2, ..] => "an MP3 file",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "an Ogg file",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "a FLAC file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "an MP4 file",
        [(byte)'.', (byte)'s', (byte)'n', (byte)'d', ..] => "an AU file",
        _ => "something else",
    };
}
