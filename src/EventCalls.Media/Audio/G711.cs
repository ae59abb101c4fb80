using System.Numerics;

namespace EventCalls.Media.Audio;

/// <summary>Speech as the telephone network codes it: 16 bit linear to 8 bit µ-law and A-law and back, by tables (ITU-T G.711).</summary>
internal static class G711
{
    /// <summary>What silence is in µ-law.</summary>
    public const byte MuLawSilence = 0xFF;

    /// <summary>What silence is in A-law.</summary>
    public const byte ALawSilence = 0xD5;

    // Of a sample its upper 14 bits decide over µ-law, its upper 12 over A-law.
    private static readonly byte[] s_toMuLaw = Table(1 << 14, i => ToMuLaw((short)(i << 2)));
    private static readonly byte[] s_toALaw = Table(1 << 12, i => ToALaw((short)(i << 4)));
    private static readonly short[] s_fromMuLaw = [.. Enumerable.Range(0, 256).Select(i => FromMuLaw((byte)i))];
    private static readonly short[] s_fromALaw = [.. Enumerable.Range(0, 256).Select(i => FromALaw((byte)i))];

    /// <summary>One sample in µ-law.</summary>
    public static byte EncodeMuLaw(short sample) => s_toMuLaw[(ushort)sample >> 2];

    /// <summary>One sample in A-law.</summary>
    public static byte EncodeALaw(short sample) => s_toALaw[(ushort)sample >> 4];

    /// <summary>What a byte of µ-law stands for.</summary>
    public static short DecodeMuLaw(byte code) => s_fromMuLaw[code];

    /// <summary>What a byte of A-law stands for.</summary>
    public static short DecodeALaw(byte code) => s_fromALaw[code];

    /// <summary>Codes samples in µ-law; there is room for as many bytes.</summary>
    public static void EncodeMuLaw(ReadOnlySpan<short> samples, Span<byte> codes) => Encode(samples, codes, s_toMuLaw, 2);

    /// <summary>Codes samples in A-law; there is room for as many bytes.</summary>
    public static void EncodeALaw(ReadOnlySpan<short> samples, Span<byte> codes) => Encode(samples, codes, s_toALaw, 4);

    /// <summary>Decodes µ-law; there is room for as many samples.</summary>
    public static void DecodeMuLaw(ReadOnlySpan<byte> codes, Span<short> samples) => Decode(codes, samples, s_fromMuLaw);

    /// <summary>Decodes A-law; there is room for as many samples.</summary>
    public static void DecodeALaw(ReadOnlySpan<byte> codes, Span<short> samples) => Decode(codes, samples, s_fromALaw);

    private static void Encode(ReadOnlySpan<short> samples, Span<byte> codes, byte[] table, int shift)
    {
        codes = codes[..samples.Length];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = table[(ushort)samples[i] >> shift];
    }

    private static void Decode(ReadOnlySpan<byte> codes, Span<short> samples, short[] table)
    {
        samples = samples[..codes.Length];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = table[codes[i]];
    }

    private static byte[] Table(int size, Func<int, byte> code) => [.. Enumerable.Range(0, size).Select(code)];

    private static byte ToMuLaw(short sample)
    {
        int magnitude = Math.Min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1FFF);
        int segment = BitOperations.Log2((uint)magnitude) - 5;
        int code = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F);
        return (byte)((sample < 0 ? 0x7F : 0xFF) - code);
    }

    private static byte ToALaw(short sample)
    {
        int magnitude = (sample < 0 ? ~sample : sample) >> 4;
        int segment = magnitude < 16 ? 0 : BitOperations.Log2((uint)magnitude) - 3;
        int step = segment < 2 ? magnitude & 0x0F : (magnitude >> (segment - 1)) & 0x0F;
        return (byte)(((segment << 4) | step | (sample < 0 ? 0 : 0x80)) ^ 0x55);
    }

    private static short FromMuLaw(byte code)
    {
        int bits = ~code & 0x7F;
        int magnitude = ((((bits & 0x0F) << 1) + 33) << (bits >> 4)) - 33;
        return (short)((code & 0x80) != 0 ? magnitude << 2 : -(magnitude << 2));
    }

    private static short FromALaw(byte code)
    {
        int bits = (code ^ 0x55) & 0x7F;
        int segment = bits >> 4;
        int magnitude = ((bits & 0x0F) << 4) + 8;
        if (segment > 0)
            magnitude = (magnitude + 0x100) << (segment - 1);
        return (short)((code & 0x80) != 0 ? magnitude : -magnitude);
    }
}
