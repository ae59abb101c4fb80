using System.Buffers.Binary;

namespace EventCalls.Testing;

/// <summary>Finds tones in recorded sound: how much of it is of one frequency (Goertzel).</summary>
public static class Tones
{
    /// <summary>The samples of one channel of a WAV file of 16 bits; of what was written of it so far.</summary>
    public static short[] Read(string path, int channel = 0)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < ToneFile.HeaderLength)
            return [];
        int channels = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(22));
        var samples = new short[(bytes.Length - ToneFile.HeaderLength) / (2 * channels)];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(ToneFile.HeaderLength + 2 * (i * channels + channel)));
        return samples;
    }

    /// <summary>How loud a frequency is in the sound, 0–32767.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, double hertz, int rate = 8000)
    {
        double sine = 0, cosine = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            double angle = 2 * Math.PI * hertz * i / rate;
            sine += samples[i] * Math.Sin(angle);
            cosine += samples[i] * Math.Cos(angle);
        }
        return samples.Length == 0 ? 0 : 2 * Math.Sqrt(sine * sine + cosine * cosine) / samples.Length;
    }

    /// <summary>The share of the sound's energy that is of a frequency, 0–1; 0 for silence.</summary>
    public static double Share(ReadOnlySpan<short> samples, double hertz, int rate = 8000)
    {
        double coefficient = 2 * Math.Cos(2 * Math.PI * hertz / rate);
        double last = 0, before = 0, energy = 0;
        foreach (short sample in samples)
        {
            (last, before) = (sample + coefficient * last - before, last);
            energy += (double)sample * sample;
        }
        return energy < samples.Length ? 0 : (last * last + before * before - coefficient * last * before) * 2 / (samples.Length * energy);
    }

    /// <summary>How many tenths of a second are mostly of a frequency.</summary>
    public static int Tenths(ReadOnlySpan<short> samples, double hertz, int rate = 8000)
    {
        int count = 0;
        for (int length = rate / 10, start = 0; start + length <= samples.Length; start += length)
            count += Share(samples.Slice(start, length), hertz, rate) > 0.5 ? 1 : 0;
        return count;
    }
}
