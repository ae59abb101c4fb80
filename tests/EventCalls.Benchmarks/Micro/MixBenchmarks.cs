using BenchmarkDotNet.Attributes;
using EventCalls.Media.Audio;
using EventCalls.Media.Monitoring;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Benchmarks.Micro;

/// <summary>What 20 ms of a call cost that somebody listens to or has joined, or whose level is looked at, without the sockets: decoded, mixed, encoded. Nothing allocated.</summary>
[MemoryDiagnoser]
public class MixBenchmarks
{
    private static readonly PayloadFormat s_format = new("PCMA", 8000);
    private readonly byte[] _packet = new byte[RtpPacket.HeaderLength + AudioFrame.Samples];
    private readonly short[] _frame = new short[AudioFrame.Samples];
    private readonly byte[] _payload = new byte[AudioFrame.MostPayload];
    private readonly AudioEncoder _encoder = AudioCodec.Pcma.NewEncoder();
    private readonly LevelMeter _meter = new();
    private readonly RelayLeg[] _listenedTo = [new(), new()];
    private readonly RelayLeg[] _joined = [new(), new(), new()];
    private MixSource[] _heard = [];
    private MixSource[] _joinedHeard = [];
    private uint _number;

    [GlobalSetup]
    public void SetUp()
    {
        new Random(1).NextBytes(_packet.AsSpan(RtpPacket.HeaderLength));
        _heard = [Mix(_listenedTo[0], _listenedTo[1])];
        _joinedHeard = [Mix(_joined[1], _joined[2]), Mix(_joined[0], _joined[2]), Mix(_joined[0], _joined[1])];
    }

    [Benchmark]
    public int Level()
    {
        Next(out var packet);
        _meter.Hear(packet, s_format, _number * 20_000L);
        return _meter.Take();
    }

    [Benchmark]
    public int Listened() => Mixed(_listenedTo, _heard);

    [Benchmark]
    public int Joined() => Mixed(_joined, _joinedHeard);

    private int Mixed(RelayLeg[] legs, MixSource[] mixes)
    {
        Next(out var packet);
        foreach (var leg in legs)
        {
            foreach (var tap in leg.Taps)
                tap.Hear(packet, s_format, _number * 20_000L);
        }
        int length = 0;
        foreach (var mix in mixes)
        {
            mix.Next(_frame);
            length += _encoder.Encode(_frame, _payload);
        }
        return length;
    }

    private void Next(out RtpPacket packet)
    {
        _number++;
        RtpPacket.WriteHeader(_packet, 8, false, (ushort)_number, _number * AudioFrame.Samples, 1);
        RtpPacket.TryParse(_packet, out packet);
    }

    private static MixSource Mix(params RelayLeg[] voices)
    {
        var mix = new MixSource([.. voices.Select(static leg => new MixInput(leg))]);
        mix.Open();
        return mix;
    }
}
