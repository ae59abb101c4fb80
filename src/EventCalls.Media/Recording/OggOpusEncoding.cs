using System.Buffers.Binary;
using EventCalls.Media.Audio;

namespace EventCalls.Media.Recording;

/// <summary>Ogg/Opus (RFC 7845): two channels, about 40 kbit/s, a page a second. What is written is whole at each checkpoint, as pages are only added.</summary>
internal sealed class OggOpusEncoding : RecordingEncoding
{
    private const int Channels = 2;
    private const int Bitrate = 40_000;
    private const int PacketsOfAPage = 50;
    private const int MostOfAPacket = 1275;

    // Positions count at 48 kHz, whatever was coded (§4).
    private const int PositionsPerSample = 48_000 / AudioFrame.SampleRate;

    private readonly RecordingFile _file;
    private readonly OpusEncoder _encoder;
    private readonly OggPage _page;
    private readonly short[] _frame = new short[AudioFrame.Samples * Channels];
    private readonly byte[] _packet = new byte[MostOfAPacket];
    private readonly int _preSkip;
    private int _count;
    private int _packets;
    private long _samples;
    private long _position;

    /// <summary>Begins a file; the number tells streams apart.</summary>
    public OggOpusEncoding(RecordingFile file, uint serial)
    {
        _file = file;
        _page = new OggPage(serial);
        _encoder = OpusLibrary.NewEncoder(Channels, Bitrate, complexity: 0);
        _preSkip = _encoder.Lookahead * PositionsPerSample;
        Span<byte> head = stackalloc byte[19];
        "OpusHead"u8.CopyTo(head);
        head[8] = 1;
        head[9] = Channels;
        BinaryPrimitives.WriteUInt16LittleEndian(head[10..], (ushort)_preSkip);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], AudioFrame.SampleRate);
        _page.TryAdd(head);
        _file.Append(_page.Take(0, last: false));
        Span<byte> tags = stackalloc byte[26];
        "OpusTags"u8.CopyTo(tags);
        BinaryPrimitives.WriteInt32LittleEndian(tags[8..], 10);
        "EventCalls"u8.CopyTo(tags[12..]);
        _page.TryAdd(tags);
        _file.Append(_page.Take(0, last: false));
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<short> samples)
    {
        _samples += samples.Length / Channels;
        while (!samples.IsEmpty)
        {
            int fits = Math.Min(samples.Length, _frame.Length - _count);
            samples[..fits].CopyTo(_frame.AsSpan(_count));
            samples = samples[fits..];
            _count += fits;
            if (_count == _frame.Length)
                EncodeFrame();
        }
    }

    /// <inheritdoc/>
    public override void Checkpoint()
    {
        if (!_page.IsEmpty)
            TakePage(last: false);
        _file.Flush();
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        // What the encoder still holds of the last samples comes out with the silence behind them; the last position says where they end (§4.4).
        long end = _samples * PositionsPerSample + _preSkip;
        do
        {
            _frame.AsSpan(_count).Clear();
            EncodeFrame();
        }
        while (_position < end);
        _position = end;
        TakePage(last: true);
        _file.Finish();
    }

    private void EncodeFrame()
    {
        _count = 0;
        if (_packets == PacketsOfAPage)
            TakePage(last: false);
        int length = _encoder.Encode(_frame, _packet);
        if (!_page.TryAdd(_packet.AsSpan(0, length)))
        {
            TakePage(last: false);
            _page.TryAdd(_packet.AsSpan(0, length));
        }
        _packets++;
        _position += AudioFrame.Samples * PositionsPerSample;
    }

    private void TakePage(bool last)
    {
        _packets = 0;
        _file.Append(_page.Take(_position, last));
    }
}
