using System.Diagnostics;
using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Calls whose parties talk, each a tone of its own, while signalling keeps step with them: what each of them hears is what a test judges.</summary>
public abstract class VoicesTest : RecordingTest, IAsyncLifetime
{
    /// <summary>What the caller says.</summary>
    protected const int CallerHertz = 450;

    /// <summary>What the target says.</summary>
    protected const int TargetHertz = 1000;

    /// <summary>What the second target says.</summary>
    protected const int SecondHertz = 1450;

    /// <summary>What the supervisor says.</summary>
    protected const int SupervisorHertz = 2000;

    /// <summary>What prompts and announcements are made of.</summary>
    protected const int SoundHertz = 2700;

    private const int Frame = 160;
    private readonly Dictionary<Phone, (Voice Voice, int Hertz)> _voices = [];
    private readonly Dictionary<Phone, int> _versions = [];

    private protected VoicesTest()
    {
        Supervisor = new Phone(Network, "10.0.0.5:5060", "supervisor");
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "supervisors", To = ["sip:10.0.0.5:5060"] }] };
        foreach (var (phone, hertz) in new[] { (Caller, CallerHertz), (Target, TargetHertz), (Second, SecondHertz), (Supervisor, SupervisorHertz) })
            GiveVoice(phone, hertz);
    }

    private protected Phone Supervisor { get; }

    /// <summary>Phones that talk to a port of a test's choice, and not to the first one that they were told.</summary>
    private protected Dictionary<Phone, int> Fixed { get; } = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var (voice, _) in _voices.Values)
            await voice.DisposeAsync();
    }

    /// <summary>Has a phone talk, and answer whatever it is asked with a session of its voice.</summary>
    private protected void GiveVoice(Phone phone, int hertz)
    {
        _voices[phone] = (new Voice(hertz, TimeProvider.System), hertz);
        phone.OnCall = (_, leg) => leg.Answer(Session(phone));
        phone.OnAsked = (_, request) => request.Respond(200, null, request.Method is SipMethod.Invite or SipMethod.Update ? Session(phone) : null);
    }

    private protected Voice VoiceOf(Phone phone) => _voices[phone].Voice;

    private protected Content Session(Phone phone, string direction = "sendrecv") => Session(phone, text => text.Replace("a=sendrecv", $"a={direction}", StringComparison.Ordinal));

    /// <summary>The same with something else in it.</summary>
    private protected Content Session(Phone phone, Func<string, string> change)
    {
        int version = _versions[phone] = _versions.GetValueOrDefault(phone) + 1;
        return new Content("application/sdp", Encoding.ASCII.GetBytes(change(VoiceOf(phone).Describe(version))));
    }

    /// <summary>A phone changes its session; how that was answered.</summary>
    private protected async Task<string> ChangeAsync(Phone phone, Content session)
    {
        phone.Leg!.ReInvite(session, null, phone);
        await TalkAsync(150);
        return phone.Log.Last(static line => line.StartsWith("INVITE ", StringComparison.Ordinal));
    }

    /// <summary>A phone says a digit in its audio: its end, once.</summary>
    private protected void PressInAudio(Phone phone, byte code) => VoiceOf(phone).Socket.SendTo(
        [0x80, 0x80 | 101, 0, code, 0, 0, code, 160, 9, 2, 3, 4, code, 0x8A, 5, 0], VoiceOf(phone).To!);

    /// <summary>How many packets of a payload type come to a phone in so many milliseconds.</summary>
    private protected async Task<int> CountAsync(Phone phone, int milliseconds, Func<int, bool> types)
    {
        int before = VoiceOf(phone).Types.Length;
        await TalkAsync(milliseconds);
        return VoiceOf(phone).Types.Skip(before).Count(types);
    }

    /// <summary>The caller is connected to the target, and both talk.</summary>
    private protected async Task ConnectAsync(bool? record = null)
    {
        CallIn("+15557654321", Session(Caller));
        Decide(Step(record, media: "anchor"));
        await TalkAsync(100);
        Assert.NotEmpty(Journal.Events.OfType<TransferCompleted>());
    }

    /// <summary>Lets so much time pass.</summary>
    private protected async Task TalkAsync(int milliseconds)
    {
        var clock = Stopwatch.StartNew();
        long passed = 0;
        while (passed < milliseconds)
        {
            await Task.Delay(5);
            long now = Math.Min(milliseconds, clock.ElapsedMilliseconds);
            Run(now - passed);
            passed = now;
            foreach (var (phone, (voice, _)) in _voices)
                voice.To = Fixed.TryGetValue(phone, out int port) || (phone.Heard is { } told && (port = MediaPhone.PortIn(told)) > 0) ? new IPEndPoint(IPAddress.Loopback, port) : null;
        }
    }

    /// <summary>Within a few seconds a phone hears these tones, and no other one, for a while.</summary>
    private protected async Task HearsAsync(Phone phone, params int[] tones)
    {
        string heard = "";
        for (int i = 0; i < 25; i++)
        {
            await TalkAsync(200);
            heard = HeardBy(phone);
            if (heard == Name(tones))
                return;
        }
        Assert.Fail($"{phone.Name} hears {heard}, and not {Name(tones)}");
    }

    /// <summary>What a phone has heard in the last fifth of a second.</summary>
    private protected string HeardBy(Phone phone)
    {
        var voice = VoiceOf(phone);
        var parts = voice.HeardLast(10).Chunk(Frame).ToList();
        int[] heard = [.. new[] { CallerHertz, TargetHertz, SecondHertz, SupervisorHertz, SoundHertz }.Where(hertz => parts.Count(part => Tones.Amplitude(part, hertz) > 1500) > parts.Count / 2)];
        return Name(heard);
    }

    /// <summary>How many tenths of a second of a tone a phone has heard by now.</summary>
    private protected int Tenths(Phone phone, int hertz) => Tones.Tenths(VoiceOf(phone).Heard, hertz);

    private static string Name(int[] tones) => tones.Length == 0 ? "nothing" : string.Join(" + ", tones.Select(tone => tone switch
    {
        CallerHertz => "caller",
        TargetHertz => "target",
        SecondHertz => "second",
        SupervisorHertz => "supervisor",
        SoundHertz => "sound",
        _ => $"{tone} Hz",
    }));

    /// <summary>Has the supervisor called.</summary>
    private protected Guid Monitor(MonitorMode mode, string? side = null, string target = "sip:lead@10.0.0.5:5060")
    {
        var command = New(CommandKind.Monitor);
        Assert.Equal(CommandResult.Taken, Give(command with { Monitor = new MonitorChange { Action = MonitorAction.Start, MonitorId = command.CommandId, Target = target, Mode = mode, Side = side } })!.Result);
        Run(50);
        return command.CommandId;
    }

    private protected void Change(Guid monitor, MonitorMode mode, string? side = null) =>
        Assert.Equal(CommandResult.Taken, Give(New(CommandKind.Monitor) with { Monitor = new MonitorChange { Action = MonitorAction.Change, MonitorId = monitor, Mode = mode, Side = side } })!.Result);
}
