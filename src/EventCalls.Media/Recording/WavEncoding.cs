using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EventCalls.Media.Recording;

/// <summary>WAV: 16 bit, two channels, 8 kHz. Its header is right at each checkpoint; where it cannot be written over it says that it does not know.</summary>
internal sealed class WavEncoding : RecordingEncoding
{
    /// <summary>How long the header is, bytes.</summary>
    public const int HeaderLength = 44;

    /// <summary>Bytes of a sample of both channels.</summary>
    public const int FrameLength = 4;

    private const uint Unknown = uint.MaxValue;
    private const int RiffSizeAt = 4;
    private const int DataSizeAt = 40;

    private readonly RecordingFile _file;
    private long _data;

    /// <summary>Begins a file.</summary>
    public WavEncoding(RecordingFile file)
    {
        _file = file;
        Span<byte> header = stackalloc byte[HeaderLength];
        WriteHeader(header);
        file.Append(header);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<short> samples)
    {
        // As all machines that .NET runs on, WAV has the low byte first.
        var bytes = MemoryMarshal.AsBytes(samples);
        _file.Append(bytes);
        _data += bytes.Length;
    }

    /// <inheritdoc/>
    public override void Checkpoint()
    {
        _file.Flush();
        if (!_file.CanPatch)
            return;
        Span<byte> sizes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(sizes, Size(_data + HeaderLength - 8));
        BinaryPrimitives.WriteUInt32LittleEndian(sizes[4..], Size(_data));
        _file.Patch(RiffSizeAt, sizes[..4]);
        _file.Patch(DataSizeAt, sizes[4..]);
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        Checkpoint();
        _file.Finish();
    }

    /// <inheritdoc/>
    public override void CutBack()
    {
        try
        {
            // The header has its place on the disk, also on a full one.
            Checkpoint();
        }
        catch (IOException)
        {
            // Then it says what it said a second before, and the repair at the next start puts it right.
        }
    }

    /// <summary>Sets the sizes in a header of ours to what a file of a length has; others stay as they are.</summary>
    public static bool SetSizes(Span<byte> header, long fileLength)
    {
        Span<byte> ours = stackalloc byte[HeaderLength];
        WriteHeader(ours);
        if (header.Length < HeaderLength || !header[8..DataSizeAt].SequenceEqual(ours[8..DataSizeAt]))
            return false;
        long data = (fileLength - HeaderLength) / FrameLength * FrameLength;
        BinaryPrimitives.WriteUInt32LittleEndian(header[RiffSizeAt..], Size(data + HeaderLength - 8));
        BinaryPrimitives.WriteUInt32LittleEndian(header[DataSizeAt..], Size(data));
        return true;
    }

    /// <summary>Puts the sizes of a file right whose writer was ended; false when it is none of ours.</summary>
    public static bool Repair(Stream file)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        file.Position = 0;
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !SetSizes(header, file.Length))
            return false;
        file.SetLength(HeaderLength + (file.Length - HeaderLength) / FrameLength * FrameLength);
        file.Position = 0;
        file.Write(header);
        file.Flush();
        return true;
    }

    // Beyond 4 GiB (37 hours) programs read to the end of the file.
    private static uint Size(long size) => (uint)Math.Min(size, Unknown);

    private static void WriteHeader(Span<byte> header)
    {
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[RiffSizeAt..], Unknown);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 2);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], Audio.AudioFrame.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], Audio.AudioFrame.SampleRate * FrameLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], FrameLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[DataSizeAt..], Unknown);
    }
}
