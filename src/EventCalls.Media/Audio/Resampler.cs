using System.Numerics;

namespace EventCalls.Media.Audio;

/// <summary>Brings audio to the 8 kHz of the telephone: a low-pass of −70 dB from 4 kHz on, flat up to 3.3 kHz, as windowed sinc in as many phases as the rates need.</summary>
internal static class Resampler
{
    private const int HalfWidth = 32;
    private const double Cutoff = 3650;
    private const double KaiserBeta = 7.5;

    /// <summary>The same audio at 8 kHz; at that rate it is given back as it is.</summary>
    public static float[] ToTelephone(float[] samples, int rate)
    {
        if (rate == AudioFrame.SampleRate)
            return samples;
        int common = (int)BigInteger.GreatestCommonDivisor(rate, AudioFrame.SampleRate);
        int phases = AudioFrame.SampleRate / common;
        int step = rate / common;
        double ratio = (double)rate / AudioFrame.SampleRate;
        int reach = (int)Math.Ceiling(HalfWidth * ratio);
        float[][] kernels = [.. Enumerable.Range(0, phases).Select(phase => Kernel((double)phase * step / phases % 1, ratio, reach))];
        var result = new float[(int)((long)samples.Length * phases / step)];
        for (int i = 0; i < result.Length; i++)
        {
            int centre = (int)((long)i * step / phases);
            float[] kernel = kernels[i % phases];
            int first = Math.Max(0, reach - centre);
            int end = Math.Min(kernel.Length, samples.Length - centre + reach);
            result[i] = end > first ? Dot(kernel.AsSpan(first, end - first), samples.AsSpan(centre - reach + first, end - first)) : 0;
        }
        return result;
    }

    private static float[] Kernel(double fraction, double ratio, int reach)
    {
        var kernel = new float[2 * reach + 2];
        double sum = 0;
        for (int i = 0; i < kernel.Length; i++)
        {
            double at = i - reach - fraction;
            double x = 2 * Cutoff / AudioFrame.SampleRate * at / ratio;
            double window = Math.Abs(at) >= reach ? 0 : Bessel(KaiserBeta * Math.Sqrt(1 - at * at / ((double)reach * reach))) / Bessel(KaiserBeta);
            double value = window * (x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x));
            kernel[i] = (float)value;
            sum += value;
        }
        // As loud after as before, in every phase alike: or the phases would be heard as a tone.
        for (int i = 0; i < kernel.Length; i++)
            kernel[i] = (float)(kernel[i] / sum);
        return kernel;
    }

    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; term > 1e-12 * sum; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        float sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
