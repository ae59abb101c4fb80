namespace EventCalls.Media.Tests;

/// <summary>Sines, and how much of one is in audio.</summary>
internal static class Tone
{
    /// <summary>A sine at 8 kHz, or another rate.</summary>
    public static short[] Sine(double frequency, int samples, double amplitude = 8000, double rate = 8000, double from = 0) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * frequency * (i + from) / rate)))];

    /// <summary>The amplitude of a frequency in audio, by Goertzel.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, double frequency, double rate = 8000)
    {
        double coefficient = 2 * Math.Cos(2 * Math.PI * frequency / rate);
        double a = 0, b = 0;
        foreach (short sample in samples)
            (a, b) = (sample + coefficient * a - b, a);
        return 2 * Math.Sqrt(Math.Max(0, a * a + b * b - coefficient * a * b)) / samples.Length;
    }

    /// <summary>The loudest sample.</summary>
    public static int Peak(ReadOnlySpan<short> samples)
    {
        int peak = 0;
        foreach (short sample in samples)
            peak = Math.Max(peak, Math.Abs((int)sample));
        return peak;
    }
}
