using System.Runtime.InteropServices;
using EventCalls.Media.Audio;

namespace EventCalls.Media.Recording;

/// <summary>How loud both channels of a recording are over its time: what its waveform is drawn of.</summary>
internal static class RecordingPeaks
{
    private const int Channels = 2;

    // 10 ms: finer than any picture of a call is.
    private const int SamplesOfAStep = AudioFrame.SampleRate / 100;

    // Opus's longest packet (RFC 6716 §3.2.5).
    private const int MostSamplesOfAPacket = AudioFrame.SampleRate * 120 / 1000;

    /// <summary>The greatest magnitude of each channel, 0–255, in so many parts of equal length; fewer when the recording is shorter than that many 10 ms.</summary>
    /// <param name="audio">The recording in the clear, from its begin.</param>
    /// <param name="isOpus">Whether it is Ogg/Opus, else WAV.</param>
    /// <param name="parts">Of how many parts, 1 or more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static byte[][] Of(Stream audio, bool isOpus, int parts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var steps = new Steps();
        if (isOpus)
            ReadOpus(audio, steps, cancellationToken);
        else
            ReadWav(audio, steps, cancellationToken);
        return [.. steps.Channels.Select(channel => Reduce(channel, parts))];
    }

    private static byte[] Reduce(List<byte> steps, int parts)
    {
        var reduced = new byte[Math.Min(parts, steps.Count)];
        for (int i = 0; i < steps.Count; i++)
        {
            ref byte part = ref reduced[(int)((long)i * reduced.Length / steps.Count)];
            part = Math.Max(part, steps[i]);
        }
        return reduced;
    }

    private static void ReadWav(Stream audio, Steps steps, CancellationToken cancellationToken)
    {
        var bytes = new byte[64 * 1024];
        if (audio.ReadAtLeast(bytes.AsSpan(0, WavEncoding.HeaderLength), WavEncoding.HeaderLength, throwOnEndOfStream: false) < WavEncoding.HeaderLength)
            return;
        while (audio.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) is var count and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            steps.Add(MemoryMarshal.Cast<byte, short>(bytes.AsSpan(0, count / WavEncoding.FrameLength * WavEncoding.FrameLength)));
        }
    }

    private static void ReadOpus(Stream audio, Steps steps, CancellationToken cancellationToken)
    {
        var decoder = OpusLibrary.NewDecoder(Channels);
        var page = new byte[OggPage.MostLength];
        var samples = new short[MostSamplesOfAPacket * Channels];
        // Before the audio stand a page with its head and one with its tags (RFC 7845 §3).
        for (int number = 0; OggPage.TryRead(audio, page, out _); number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (number < 2)
                continue;
            int segments = page[OggPage.HeaderLength - 1];
            int begin = OggPage.HeaderLength + segments;
            for (int i = 0, length = 0; i < segments; i++)
            {
                length += page[OggPage.HeaderLength + i];
                if (page[OggPage.HeaderLength + i] == byte.MaxValue)
                    continue;
                int count = decoder.Decode(page.AsSpan(begin, length), samples, MostSamplesOfAPacket);
                steps.Add(samples.AsSpan(0, Math.Max(count, 0) * Channels));
                (begin, length) = (begin + length, 0);
            }
        }
    }

    private sealed class Steps
    {
        private int _samples;
        private int _left;
        private int _right;

        public List<byte>[] Channels { get; } = [[], []];

        public void Add(ReadOnlySpan<short> both)
        {
            for (int i = 0; i + 1 < both.Length; i += 2)
            {
                _left = Math.Max(_left, Math.Abs((int)both[i]));
                _right = Math.Max(_right, Math.Abs((int)both[i + 1]));
                if (++_samples < SamplesOfAStep)
                    continue;
                Channels[0].Add((byte)Math.Min(_left >> 7, byte.MaxValue));
                Channels[1].Add((byte)Math.Min(_right >> 7, byte.MaxValue));
                (_samples, _left, _right) = (0, 0, 0);
            }
        }
    }
}
