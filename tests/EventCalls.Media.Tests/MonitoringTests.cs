using System.Net;
using EventCalls.Media.Audio;
using EventCalls.Media.Rtp;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Media.Tests;

/// <summary>Two who talk and one who hears them, each with a tone of its own, through real sockets and in real time.</summary>
public sealed class MonitoringTests : IDisposable
{
    private const double CallerHertz = 450;
    private const double TargetHertz = 1000;
    private const double SupervisorHertz = 2000;
    private const int Loud = 2000;
    private const int Silent = 800;

    private readonly MediaRelay _relay = new(0, new MediaPorts(34_400, 34_459), 0, TimeProvider.System, NullLogger.Instance);
    private readonly Party _caller;
    private readonly Party _target;
    private readonly Party _supervisor;

    public MonitoringTests()
    {
        (_caller, _target, _supervisor) = (new Party(_relay, CallerHertz), new Party(_relay, TargetHertz), new Party(_relay, SupervisorHertz));
        MediaLeg.Connect(_caller.Leg, _target.Leg);
    }

    public void Dispose()
    {
        foreach (var party in new[] { _caller, _target, _supervisor })
            party.Dispose();
        _relay.Dispose();
    }

    [Fact]
    public async Task Who_listens_hears_both_and_is_heard_by_nobody()
    {
        _supervisor.Leg.HearMix(_caller.Leg, _target.Leg);
        await TalkAsync();
        _supervisor.Hears(CallerHertz, TargetHertz);
        _caller.Hears(TargetHertz);
        _target.Hears(CallerHertz);
    }

    [Fact]
    public async Task A_whisper_is_heard_by_one_side_together_with_the_other_and_not_by_the_other()
    {
        _supervisor.Leg.HearMix(_caller.Leg, _target.Leg);
        _target.Leg.HearMix(_caller.Leg, _supervisor.Leg);
        await TalkAsync();
        _supervisor.Hears(CallerHertz, TargetHertz);
        _target.Hears(CallerHertz, SupervisorHertz);
        _caller.Hears(TargetHertz);

        // And no longer, when it is over: packets go on as they are sent.
        _target.Leg.HearMix();
        await TalkAsync();
        _target.Hears(CallerHertz);
    }

    [Fact]
    public async Task Who_joins_is_heard_by_both()
    {
        _supervisor.Leg.HearMix(_caller.Leg, _target.Leg);
        _target.Leg.HearMix(_caller.Leg, _supervisor.Leg);
        _caller.Leg.HearMix(_target.Leg, _supervisor.Leg);
        await TalkAsync();
        _supervisor.Hears(CallerHertz, TargetHertz);
        _target.Hears(CallerHertz, SupervisorHertz);
        _caller.Hears(TargetHertz, SupervisorHertz);
    }

    [Fact]
    [Trait("RFC", "4733 §2.1")]
    public async Task Digits_of_the_other_side_go_on_while_somebody_whispers()
    {
        _target.Leg.HearMix(_caller.Leg, _supervisor.Leg);
        await TalkAsync(digits: true);
        Assert.True(_target.Digits > 0, "No digit came through.");
        _target.Hears(CallerHertz, SupervisorHertz);
    }

    [Fact]
    public async Task Who_speaks_and_goes_takes_nothing_with_them()
    {
        _target.Leg.HearMix(_caller.Leg, _supervisor.Leg);
        _supervisor.Leg.Close();
        await TalkAsync();
        _target.Hears(CallerHertz);
        _caller.Hears(TargetHertz);
    }

    [Fact]
    public async Task Its_level_is_measured_once_somebody_asks()
    {
        Assert.Equal(0, _caller.Leg.TakeLevel());
        await TalkAsync(milliseconds: 200);
        Assert.InRange(_caller.Leg.TakeLevel(), 0.2, 0.3);
        await _relay.CaughtUpAsync();
        Assert.Equal(0, _caller.Leg.TakeLevel());
        _caller.Leg.StopLevel();
        await TalkAsync(milliseconds: 200);
        Assert.Equal(0, _caller.Leg.TakeLevel());
    }

    /// <summary>All three speak for a while, and hear what they are let hear.</summary>
    private async Task TalkAsync(int milliseconds = 1200, bool digits = false)
    {
        await _relay.CaughtUpAsync();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (int i = 0; i < milliseconds / 20; i++)
        {
            await ticks.WaitForNextTickAsync();
            _caller.Speak();
            _target.Speak();
            _supervisor.Speak();
            if (digits && i % 10 == 0)
                _caller.Press();
            // The first moments, in which nothing has come yet, are not judged.
            if (i == 10)
                Array.ForEach([_caller, _target, _supervisor], static party => party.Listen(anew: true));
        }
        Array.ForEach([_caller, _target, _supervisor], static party => party.Listen(anew: false));
    }

    private sealed class Party : IDisposable
    {
        private const int Events = 101;

        private readonly Peer _peer = new();
        private readonly double _hertz;
        private readonly int _port;
        private readonly List<short> _heard = [];
        private ushort _sequence;
        private uint _timestamp;

        public Party(MediaRelay relay, double hertz)
        {
            _hertz = hertz;
            Leg = relay.Open(IPAddress.Loopback, IPAddress.Loopback);
            byte[] description = [.. Peer.Description(_peer.Port).Concat("a=rtpmap:8 PCMA/8000\r\n"u8.ToArray())];
            string withEvents = System.Text.Encoding.ASCII.GetString(description).Replace("RTP/AVP 8", $"RTP/AVP 8 {Events}", StringComparison.Ordinal) + $"a=rtpmap:{Events} telephone-event/8000\r\n";
            Leg.Heard(System.Text.Encoding.ASCII.GetBytes(withEvents));
            string told = System.Text.Encoding.ASCII.GetString(Leg.Told(System.Text.Encoding.ASCII.GetBytes(withEvents)));
            _port = int.Parse(told.Split("m=audio ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        }

        public MediaLeg Leg { get; }

        public int Digits { get; private set; }

        public void Speak()
        {
            Span<byte> packet = stackalloc byte[RtpPacket.HeaderLength + AudioFrame.Samples];
            RtpPacket.WriteHeader(packet, 8, false, _sequence++, _timestamp, (uint)_hertz);
            G711.EncodeALaw(Tone.Sine(_hertz, AudioFrame.Samples, from: _timestamp), packet[RtpPacket.HeaderLength..]);
            _timestamp += AudioFrame.Samples;
            _peer.Rtp.SendTo(packet, new IPEndPoint(IPAddress.Loopback, _port));
        }

        public void Press()
        {
            Span<byte> packet = stackalloc byte[RtpPacket.HeaderLength + 4];
            RtpPacket.WriteHeader(packet, Events, true, _sequence++, _timestamp, (uint)_hertz);
            packet[RtpPacket.HeaderLength] = 5;
            packet[RtpPacket.HeaderLength + 3] = 160;
            _peer.Rtp.SendTo(packet, new IPEndPoint(IPAddress.Loopback, _port));
        }

        public void Listen(bool anew)
        {
            var buffer = new byte[2048];
            var samples = new short[AudioFrame.Samples];
            while (_peer.Rtp.Poll(0, System.Net.Sockets.SelectMode.SelectRead))
            {
                int length = _peer.Rtp.Receive(buffer);
                Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, length), out var packet));
                if (packet.PayloadType == Events)
                {
                    Digits++;
                    continue;
                }
                G711.DecodeALaw(packet.Payload, samples);
                _heard.AddRange(samples);
            }
            if (anew)
                _heard.Clear();
        }

        /// <summary>It hears these tones, and none of the others.</summary>
        public void Hears(params double[] tones)
        {
            // A frame at a time: where the machine is busy the voices' clocks run slow here, which a mix follows by two samples now and then; at 2000 Hz these are half a wave,
            // and over several frames the tone would cancel itself.
            var parts = _heard.Chunk(AudioFrame.Samples).Where(part => part.Length == AudioFrame.Samples).ToList();
            bool[] heard = [.. parts.Select(part => tones.All(hertz => Tone.Amplitude(part, hertz) > Loud))];
            int together = heard.Count(static all => all);
            // What comes later than a mix waits for it is silent there.
            Assert.True(together >= 10, $"In {together} of {parts.Count} frames it heard {string.Join(" and ", tones)} Hz: {string.Concat(heard.Select(static all => all ? '1' : '0'))}");
            foreach (double hertz in new[] { CallerHertz, TargetHertz, SupervisorHertz }.Except(tones))
            {
                int wrong = parts.Count(part => Tone.Amplitude(part, hertz) > Silent);
                Assert.True(wrong <= parts.Count / 10, $"In {wrong} of {parts.Count} frames it heard {hertz} Hz.");
            }
        }

        public void Dispose() => _peer.Dispose();
    }
}
