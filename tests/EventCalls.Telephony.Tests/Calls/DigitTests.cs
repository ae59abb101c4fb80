using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Digits between two sides of which one takes them in its audio and the other in INFO.</summary>
public sealed class DigitTests : RecordingTest
{
    private readonly Socket _voice = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<string> _infos = [];

    public DigitTests()
    {
        _voice.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var phone in new[] { Caller, Target })
        {
            phone.OnAsked = (_, request) =>
            {
                if (request.Method == SipMethod.Info)
                    _infos.Add(SipText.Get(request.Message.Body));
                request.Respond(200);
            };
        }
    }

    [Theory]
    [InlineData(null, "5")]
    [InlineData(false, DtmfReceived.Withheld)]
    [Trait("RFC", "4733 §2.5.2")]
    public async Task A_digit_in_the_callers_audio_reaches_a_target_that_takes_it_in_INFO_alone(bool? record, string recorded)
    {
        Connect(Session(digits: true), Session(digits: false), record);
        Assert.Contains("telephone-event", Caller.Heard!, StringComparison.Ordinal);
        byte[] packet = [0x80, 0x80 | 101, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, 5, 0x8A, 5, 0];
        await _voice.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, MediaPhone.PortIn(Caller.Heard!)));
        await RunUntilAsync(() => _infos.Count > 0);
        Assert.Equal(["Signal=5\r\nDuration=160\r\n"], _infos);
        Assert.Equal(("caller", recorded), (Single<DtmfReceived>().Leg, Single<DtmfReceived>().Digit));
        await EndAsync();
    }

    [Fact]
    public async Task Who_sends_digits_in_INFO_as_plain_text_gets_them_so()
    {
        Connect(Session(digits: true), Session(digits: false), record: null);
        Target.Leg!.Request(SipMethod.Info, new Content("application/dtmf", "9"u8.ToArray()), null, Target);
        Run(50);
        byte[] packet = [0x80, 0x80 | 101, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, 11, 0x8A, 5, 0];
        await _voice.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, MediaPhone.PortIn(Caller.Heard!)));
        await RunUntilAsync(() => _infos.Count > 0);
        Assert.Equal(["#"], _infos);
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "4733 §2.5.1")]
    public async Task A_digit_in_the_callers_INFO_is_said_in_the_audio_of_a_target_that_was_offered_that_and_is_answered()
    {
        Connect(Session(digits: false), Session(digits: true), record: null);
        Assert.Contains("telephone-event", Target.Heard!, StringComparison.Ordinal);
        Assert.DoesNotContain("telephone-event", Caller.Heard!, StringComparison.Ordinal);
        Press('8', durationMs: 100);
        Run(20);
        Assert.Equal("INFO 200", Caller.Log[^1]);
        Assert.Empty(_infos);
        var buffer = new byte[2000];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var heard = new List<(int Type, int Code, bool IsEnd, int Duration)>();
        while (heard.Count < 7)
        {
            int length = await _voice.ReceiveAsync(buffer, limit.Token);
            if ((buffer[1] & 0x7f) == 101)
                heard.Add((101, buffer[12], buffer[13] >> 7 == 1, BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(14))));
            Assert.Equal(16, length);
        }
        Assert.All(heard, packet => Assert.Equal((101, 8), (packet.Type, packet.Code)));
        Assert.Equal((3, 800), (heard.Count(packet => packet.IsEnd), heard[^1].Duration));
        Assert.Equal("8", Single<DtmfReceived>().Digit);
        await EndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_both_sides_take_the_same_an_INFO_goes_on_as_it_is(bool digits)
    {
        Connect(Session(digits), Session(digits), record: null);
        Press('8');
        Run(20);
        Assert.Equal(["Signal=8\r\nDuration=20\r\n"], _infos);
        await EndAsync();
    }

    private void Connect(Content caller, Content target, bool? record)
    {
        Target.OnCall = (_, leg) => leg.Answer(target);
        CallIn("+15557654321", caller);
        Decide(Step(record, media: "anchor"));
        Run(100);
        Assert.NotEmpty(Journal.Events.OfType<TransferCompleted>());
    }

    private Content Session(bool digits) => new("application/sdp", Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {((IPEndPoint)_voice.LocalEndPoint!).Port} RTP/AVP 0{(digits ? " 101\r\na=rtpmap:101 telephone-event/8000" : "")}\r\n"));
}
