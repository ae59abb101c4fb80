using System.Globalization;

namespace EventCalls.Media.Audio;

/// <summary>A tone with its pauses, as one period of it: <c>400+450/400,0/200,400+450/400,0/2000</c> is frequencies in Hz (<c>400*16</c>: the first modulated by the second), then milliseconds.</summary>
internal sealed class Cadence
{
    // −13 dBm0 for one frequency, as E.180 §7 asks of tones (−10 ± 5 dBm0); 0 dBm0 is a sine of 3.14 dB below full scale.
    private const double Amplitude = 32_768 * 0.156;
    private const double Ramp = 0.004;

    private readonly List<Part> _parts = [];

    private Cadence()
    {
    }

    /// <summary>How long a period is, ms.</summary>
    public int Milliseconds => _parts.Sum(part => part.Milliseconds);

    /// <summary>Reads a cadence.</summary>
    public static Cadence Parse(string text)
    {
        var cadence = new Cadence();
        foreach (string part in text.Split(','))
        {
            string[] both = part.Split('/');
            string[] modulated = both[0].Split('*');
            double[] frequencies = [.. modulated[0].Split('+').Select(Number).Where(f => f > 0)];
            cadence._parts.Add(new Part(frequencies, modulated.Length > 1 ? Number(modulated[1]) : 0, (int)Number(both[1])));
        }
        return cadence;
    }

    /// <summary>One period of it; what begins and ends does so within 4 ms, not with a click.</summary>
    public short[] Render()
    {
        var samples = new short[Milliseconds * AudioFrame.SampleRate / 1000];
        int at = 0;
        foreach (var part in _parts)
        {
            int count = part.Milliseconds * AudioFrame.SampleRate / 1000;
            for (int i = 0; i < count && part.Frequencies.Length > 0; i++)
            {
                double t = (double)i / AudioFrame.SampleRate;
                double left = (double)(count - i) / AudioFrame.SampleRate;
                double value = part.Frequencies.Sum(f => Math.Sin(2 * Math.PI * f * t));
                if (part.Modulation > 0)
                    value *= (1 - Math.Cos(2 * Math.PI * part.Modulation * t)) / 2;
                samples[at + i] = (short)Math.Round(Amplitude * value * Math.Min(1, Math.Min(t, left) / Ramp));
            }
            at += count;
        }
        return samples;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Part(double[] Frequencies, double Modulation, int Milliseconds);
}
