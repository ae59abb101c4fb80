using System.Buffers.Binary;

namespace EventCalls.Testing;

/// <summary>Writes a sound file with a tone: 8 kHz, one channel, 16 bits.</summary>
public static class ToneFile
{
    /// <summary>How long the header is of what is written here, bytes.</summary>
    public const int HeaderLength = 44;

    private const int Rate = 8000;

    /// <summary>Writes the file, replacing one that is there.</summary>
    public static void Write(string path, TimeSpan length, int hertz = 440)
    {
        int samples = (int)(length.TotalSeconds * Rate);
        byte[] bytes = Wav(samples, 1, Rate);
        for (int i = 0; i < samples; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(HeaderLength + (i * 2)), (short)(8000 * Math.Sin(2 * Math.PI * hertz * i / Rate)));
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A WAV file of so many samples of 16 bits a channel, all of them silence; they lie behind the first <see cref="HeaderLength"/> bytes.</summary>
    public static byte[] Wav(int samples, int channels, int rate)
    {
        var bytes = new byte[HeaderLength + samples * channels * 2];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), rate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), bytes.Length - HeaderLength);
        return bytes;
    }
}
