using System.Buffers.Binary;
using System.Text;

namespace EventCalls.Media.Tests.Audio;

/// <summary>WAV files of all kinds, for tests.</summary>
internal static class WavBytes
{
    public static byte[] Of(int format, int bits, int rate, int channels, byte[] data, bool extensible = false, uint? size = null)
    {
        var file = new List<byte>();
        void Text(string text) => file.AddRange(Encoding.ASCII.GetBytes(text));
        void Number(uint value, int bytes)
        {
            for (int i = 0; i < bytes; i++)
                file.Add((byte)(value >> (8 * i)));
        }
        Text("RIFF");
        Number(size ?? (uint)(data.Length + 36), 4);
        Text("WAVEfmt ");
        Number(extensible ? 40u : 16u, 4);
        Number((uint)(extensible ? 0xFFFE : format), 2);
        Number((uint)channels, 2);
        Number((uint)rate, 4);
        Number((uint)(rate * channels * bits / 8), 4);
        Number((uint)(channels * bits / 8), 2);
        Number((uint)bits, 2);
        if (extensible)
        {
            Number(22, 2);
            Number((uint)bits, 2);
            Number(0, 4);
            Number((uint)format, 2);
            file.AddRange([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }
        // A chunk of others, of an odd length, with its padding.
        Text("LIST");
        Number(3, 4);
        file.AddRange([1, 2, 3, 0]);
        Text("data");
        Number(size ?? (uint)data.Length, 4);
        file.AddRange(data);
        return [.. file];
    }

    /// <summary>Samples as PCM of so many bits, or as floating point.</summary>
    public static byte[] Pcm(short[] samples, int bits, bool floating = false)
    {
        var bytes = new byte[samples.Length * bits / 8];
        for (int i = 0; i < samples.Length; i++)
        {
            var to = bytes.AsSpan(i * bits / 8);
            if (floating && bits == 32)
                BinaryPrimitives.WriteSingleLittleEndian(to, samples[i] / 32768f);
            else if (floating)
                BinaryPrimitives.WriteDoubleLittleEndian(to, samples[i] / 32768.0);
            else if (bits == 8)
                to[0] = (byte)((samples[i] >> 8) + 128);
            else
                for (int b = 0; b < bits / 8; b++)
                    to[b] = (byte)(((long)samples[i] << (bits - 16)) >> (8 * b));
        }
        return bytes;
    }
}
