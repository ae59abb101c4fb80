using System.Collections.Concurrent;
using EventCalls.Media.Audio;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Recording;

/// <summary>
/// One recording as the relay sees it. All times are µs of the relay's clock. <see cref="Feed"/> and <see cref="SetPayloads"/> are for the thread that
/// receives a channel's packets (each channel one at a time); the rest any thread may call. Nothing here waits for a disk.
/// </summary>
internal sealed class CallRecording
{
    private const sbyte None = -1;

    private readonly PacketRing[] _rings;
    private readonly sbyte[][] _codecs = [NoCodecs(), NoCodecs()];
    private readonly long[] _dropped = new long[2];
    private readonly ConcurrentQueue<RecordingCommand> _commands = new();
    private readonly TaskCompletionSource<RecordingResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _wake;
    private volatile bool _takes = true;
    private volatile bool _ended;

    /// <summary>Begins at a time; the writer wakes when it is told something.</summary>
    public CallRecording(RecordingDetails details, long start, int ringBytes, Action wake)
    {
        (Details, Start, _wake) = (details, start, wake);
        _rings = [new PacketRing(ringBytes), new PacketRing(ringBytes)];
    }

    /// <summary>What it is of.</summary>
    public RecordingDetails Details { get; }

    /// <summary>When it begins.</summary>
    public long Start { get; }

    /// <summary>Completes when the recording is stored, has failed or is discarded; never with an exception.</summary>
    public Task<RecordingResult> Completed => _completion.Task;

    /// <summary>Packets dropped so far because there was no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped[0]) + Volatile.Read(ref _dropped[1]);

    /// <summary>Commands for the writer.</summary>
    public ConcurrentQueue<RecordingCommand> Commands => _commands;

    /// <summary>Says which codec each payload type of a channel is from now on; packets of others are left out, and are silence.</summary>
    public void SetPayloads(RecordingChannel channel, IEnumerable<(int PayloadType, AudioCodec Codec)> payloads)
    {
        sbyte[] codecs = NoCodecs();
        foreach (var (type, codec) in payloads)
            codecs[type & 0x7f] = PlaceOf(codec);
        Volatile.Write(ref _codecs[(int)channel], codecs);
    }

    /// <summary>Copies a packet that arrived. Never waits, throws or allocates; what there is no room for is counted.</summary>
    public void Feed(RecordingChannel channel, in RtpPacket packet, long arrival) => Take(channel, packet, _codecs[(int)channel][packet.PayloadType], arrival);

    /// <summary>The same of a packet of a codec, whatever its payload type is to the channel's sender.</summary>
    public void FeedAs(RecordingChannel channel, in RtpPacket packet, AudioCodec codec, long arrival) => Take(channel, packet, PlaceOf(codec), arrival);

    private void Take(RecordingChannel channel, in RtpPacket packet, sbyte codec, long arrival)
    {
        if (!_takes || codec == None || packet.Payload.IsEmpty)
            return;
        if (packet.Payload.Length > 1500 || !_rings[(int)channel].TryWrite(packet, (byte)codec, arrival))
            Volatile.Write(ref _dropped[(int)channel], _dropped[(int)channel] + 1);
    }

    /// <summary>Records silence from now on.</summary>
    public void Pause(long now)
    {
        _takes = false;
        Tell(new RecordingCommand(RecordingAction.Pause, now));
    }

    /// <summary>Records again.</summary>
    public void Resume(long now)
    {
        _takes = !_ended;
        Tell(new RecordingCommand(RecordingAction.Resume, now));
    }

    /// <summary>Ends it.</summary>
    public void Stop(long now) => End(new RecordingCommand(RecordingAction.Stop, now));

    /// <summary>Ends it and deletes what there is.</summary>
    public void Discard() => End(new RecordingCommand(RecordingAction.Discard, 0));

    /// <summary>The packets of a channel, for the writer.</summary>
    public PacketRing Ring(int channel) => _rings[channel];

    /// <summary>Ends it with a result, for the writer.</summary>
    public void Complete(RecordingResult result)
    {
        _ended = true;
        _takes = false;
        _completion.TrySetResult(result);
    }

    private void End(RecordingCommand command)
    {
        _ended = true;
        _takes = false;
        Tell(command);
    }

    private void Tell(RecordingCommand command)
    {
        _commands.Enqueue(command);
        _wake();
    }

    private static sbyte PlaceOf(AudioCodec codec)
    {
        for (sbyte i = 0; i < AudioCodec.All.Count; i++)
        {
            if (AudioCodec.All[i] == codec)
                return i;
        }
        return None;
    }

    private static sbyte[] NoCodecs()
    {
        var codecs = new sbyte[128];
        codecs.AsSpan().Fill(None);
        return codecs;
    }
}
