using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

/// <summary>The tables beside the algorithms as ITU-T G.191 writes them, over all values.</summary>
public class G711Tests
{
    [Fact]
    public void Every_sample_is_coded_in_mu_law_as_ITU_does()
    {
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
            Assert.Equal(MuLawCompress(sample), G711.EncodeMuLaw((short)sample));
    }

    [Fact]
    public void Every_sample_is_coded_in_A_law_as_ITU_does()
    {
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
            Assert.Equal(ALawCompress(sample), G711.EncodeALaw((short)sample));
    }

    [Fact]
    public void Every_code_is_decoded_as_ITU_does()
    {
        for (int code = 0; code < 256; code++)
        {
            Assert.Equal(MuLawExpand(code), G711.DecodeMuLaw((byte)code));
            Assert.Equal(ALawExpand(code), G711.DecodeALaw((byte)code));
        }
    }

    [Fact]
    public void What_is_decoded_is_coded_as_it_was()
    {
        for (int code = 0; code < 256; code++)
        {
            Assert.Equal(code, G711.EncodeALaw(G711.DecodeALaw((byte)code)));
            // Of the two zeros of µ-law one is enough.
            Assert.Equal(code == 0x7F ? 0xFF : code, G711.EncodeMuLaw(G711.DecodeMuLaw((byte)code)));
        }
    }

    [Fact]
    public void Silence_is_what_zero_is_coded_as()
    {
        Assert.Equal(G711.MuLawSilence, G711.EncodeMuLaw(0));
        Assert.Equal(G711.ALawSilence, G711.EncodeALaw(0));
    }

    [Fact]
    public void Many_are_coded_as_each_of_them_is()
    {
        short[] samples = [.. Enumerable.Range(-32768, 65536).Select(i => (short)i)];
        var codes = new byte[samples.Length];
        var back = new short[samples.Length];
        G711.EncodeMuLaw(samples, codes);
        G711.DecodeMuLaw(codes, back);
        Assert.All(Enumerable.Range(0, samples.Length), i => Assert.Equal(G711.DecodeMuLaw(G711.EncodeMuLaw(samples[i])), back[i]));
        G711.EncodeALaw(samples, codes);
        G711.DecodeALaw(codes, back);
        Assert.All(Enumerable.Range(0, samples.Length), i => Assert.Equal(G711.DecodeALaw(G711.EncodeALaw(samples[i])), back[i]));
    }

    private static int ALawCompress(int sample)
    {
        int value = sample < 0 ? ~sample >> 4 : sample >> 4;
        if (value > 15)
        {
            int exponent = 1;
            while (value > 16 + 15)
            {
                value >>= 1;
                exponent++;
            }
            value -= 16;
            value += exponent << 4;
        }
        if (sample >= 0)
            value |= 0x80;
        return value ^ 0x55;
    }

    private static int ALawExpand(int code)
    {
        int value = (code ^ 0x55) & 0x7F;
        int exponent = value >> 4;
        int mantissa = value & 0x0F;
        if (exponent > 0)
            mantissa += 16;
        mantissa = (mantissa << 4) + 8;
        if (exponent > 1)
            mantissa <<= exponent - 1;
        return code > 127 ? mantissa : -mantissa;
    }

    private static int MuLawCompress(int sample)
    {
        int magnitude = Math.Min((sample < 0 ? ~sample >> 2 : sample >> 2) + 33, 0x1FFF);
        int segment = 1;
        for (int i = magnitude >> 6; i != 0; i >>= 1)
            segment++;
        int high = 8 - segment;
        int low = 0x0F - ((magnitude >> segment) & 0x0F);
        int code = (high << 4) | low;
        return sample >= 0 ? code | 0x80 : code;
    }

    private static int MuLawExpand(int code)
    {
        int sign = code < 0x80 ? -1 : 1;
        int inverted = ~code;
        int exponent = (inverted >> 4) & 7;
        int segment = exponent + 1;
        int mantissa = inverted & 0x0F;
        int step = 4 << segment;
        return sign * ((0x80 << exponent) + step * mantissa + step / 2 - 4 * 33);
    }
}
