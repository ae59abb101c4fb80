using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What media of a call does together: prompts, digits, recordings, whispers and changes of sessions.</summary>
public sealed class MediaInterplayTests : VoicesTest
{
    private const int SoundMs = 1200;
    private readonly string _sound;

    public MediaInterplayTests()
    {
        _sound = Path.Combine(Folder, "sound.wav");
        ToneFile.Write(_sound, TimeSpan.FromMilliseconds(SoundMs), SoundHertz);
        Options = Options with { Media = Options.Media with { Prompts = Folder } };
    }

    [Fact]
    public async Task Who_was_whispered_to_in_a_call_that_is_joined_with_another_one_hears_its_new_peer()
    {
        var (first, second) = await TwoCallsAsync();
        Monitor(MonitorMode.Whisper, "target");
        Give(New(CommandKind.Level));
        await HearsAsync(Second, CallerHertz, SupervisorHertz);
        await JoinAsync(first, second);
        await HearsAsync(Second, TargetHertz);
        await HearsAsync(Target, SecondHertz);
        Assert.Equal(MonitorEndCause.CallEnded, Single<MonitorEnded>().Cause);
        Target.Leg!.Bye();
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Count() == 2);
    }

    [Fact]
    public async Task Who_hears_an_announcement_when_its_call_is_joined_with_another_one_is_heard_and_recorded_there()
    {
        Announcement = Sound.Prompt(_sound);
        var (first, second) = await TwoCallsAsync(Step(record: true, media: "anchor"));
        await TalkAsync(2 * SoundMs);
        Give(Recording(RecordingChange.Discard));
        Give(Recording(RecordingChange.Start));
        await TalkAsync(100);
        await JoinAsync(first, second);
        await HearsAsync(Second, TargetHertz);
        await TalkAsync(1000);
        Target.Leg!.Bye();
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Count() == 2);
        string joined = Journal.Events.OfType<RecordingStored>().OrderBy(stored => stored.DurationMs).Last().Location;
        int secondIn = Math.Max(Tones.Tenths(Tones.Read(joined, 0), SecondHertz), Tones.Tenths(Tones.Read(joined, 1), SecondHertz));
        Assert.True(secondIn >= 8, $"{secondIn} tenths of the second are in the recording");
    }

    [Fact]
    [Trait("RFC", "4733 §2.5.1")]
    public async Task A_digit_of_an_INFO_is_said_to_who_hears_a_whisper_at_the_same_time()
    {
        Target.OnCall = (phone, leg) => leg.Answer(Session(phone));
        CallIn("+15557654321", Session(Caller, NoEvents));
        Decide(Step(record: null, media: "anchor"));
        await TalkAsync(100);
        Monitor(MonitorMode.Whisper, "target");
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        Press('5', durationMs: 100);
        Assert.InRange(await CountAsync(Target, 400, static type => type == 101), 5, 9);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        await EndAsync();
    }

    [Fact]
    public async Task Digits_of_the_target_are_said_to_a_caller_who_hears_a_prompt()
    {
        await ConnectAsync();
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SoundHertz);
        PressInAudio(Target, 5);
        await TalkAsync(200);
        Assert.InRange(VoiceOf(Caller).Types.Count(static type => type == 101), 1, 3);
        await HearsAsync(Caller, SecondHertz);
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3264 §7")]
    public async Task A_prompt_is_played_in_a_codec_that_was_agreed_on_and_not_in_another_one_of_the_offer()
    {
        CallIn("+15557654321", Session(Caller, static text => text.Replace("RTP/AVP 0", "RTP/AVP 96 0", StringComparison.Ordinal).Replace("a=rtpmap:0", "a=rtpmap:96 opus/48000/2\r\na=rtpmap:0", StringComparison.Ordinal)));
        Decide(Step(record: null, media: "anchor"));
        await TalkAsync(200);
        Monitor(MonitorMode.Join);
        await HearsAsync(Caller, TargetHertz, SupervisorHertz);
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SoundHertz);
        Assert.DoesNotContain(96, VoiceOf(Caller).Types);
        await EndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3264 §8.3.2")]
    public async Task What_is_played_goes_on_in_the_codec_that_its_hearer_changes_to(bool isPrompt)
    {
        Options = Options with { Answer = AnswerMode.Immediately, Media = Options.Media with { Mode = MediaMode.Anchor } };
        Second.OnCall = null;
        CallIn("+15557654321", Session(Caller));
        Decide(isPrompt ? Step(record: null, endpoint: "second") with { Prompt = "sound.wav" } : Step(record: null, endpoint: "second"));
        await TalkAsync(300);
        Assert.Equal("INVITE 200", await ChangeAsync(Caller, Session(Caller, static text => text.Replace("RTP/AVP 0 101", "RTP/AVP 8 101", StringComparison.Ordinal).Replace("0 PCMU", "8 PCMA", StringComparison.Ordinal))));
        Assert.Equal(0, await CountAsync(Caller, 200, static type => type == 0));
        Assert.InRange(VoiceOf(Caller).Types.Count(static type => type == 8), 10, 30);
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3264 §6")]
    public async Task Where_the_first_of_two_audio_streams_is_refused_prompts_and_whispers_are_in_the_second_one()
    {
        Target.OnCall = (phone, leg) => leg.Answer(Session(phone, static text => text.Replace("m=audio", "m=audio 0 RTP/SAVP 0\r\nm=audio", StringComparison.Ordinal)));
        Second.OnCall = (phone, leg) => leg.Answer(Session(phone, static text => text.Replace("m=audio", "m=audio 0 RTP/SAVP 0\r\nm=audio", StringComparison.Ordinal)));
        CallIn("+15557654321", Session(Caller, static text => text.Replace("m=audio", "m=audio 9000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\nm=audio", StringComparison.Ordinal)));
        Decide(Step(record: true, media: "anchor"));
        await TalkAsync(200);
        int port = MediaPhone.PortIn(Caller.Heard![(Caller.Heard!.LastIndexOf("m=audio", StringComparison.Ordinal) - 1)..]);
        Fixed[Caller] = port;
        Fixed[Target] = MediaPhone.PortIn(Target.Heard![(Target.Heard!.LastIndexOf("m=audio", StringComparison.Ordinal) - 1)..]);
        await HearsAsync(Caller, TargetHertz);
        Monitor(MonitorMode.Join);
        await HearsAsync(Caller, TargetHertz, SupervisorHertz);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SoundHertz);
        await EndAsync();
    }

    [Fact]
    public async Task After_a_handoff_that_failed_digits_are_offered_as_the_one_who_stayed_takes_them()
    {
        Second.OnCall = (phone, leg) => leg.Reject(486);
        Target.OnCall = (phone, leg) => leg.Answer(Session(phone, NoEvents));
        Target.OnAsked = (phone, request) => request.Respond(200, null, request.Method == SipMethod.Invite ? Session(phone, NoEvents) : null);
        await ConnectAsync();
        Assert.Contains("telephone-event", Caller.Heard!, StringComparison.Ordinal);
        Give(Handoff(Step(record: null, endpoint: "second")));
        await TalkAsync(200);
        Assert.Single(Journal.Events.OfType<TransferFailed>());
        Assert.Equal("INVITE 200", await ChangeAsync(Caller, Session(Caller)));
        Assert.Contains("telephone-event", Caller.Heard!, StringComparison.Ordinal);
        await EndAsync();
    }

    [Fact]
    public async Task A_recording_that_is_discarded_and_begun_again_has_the_rest_of_the_call_and_not_who_whispers()
    {
        await ConnectAsync(record: true);
        await TalkAsync(600);
        Give(Recording(RecordingChange.Discard));
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Start))!.Result);
        Monitor(MonitorMode.Join);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        Assert.Equal("INVITE 200", await ChangeAsync(Target, Session(Target, "sendonly")));
        Assert.Equal("INVITE 200", await ChangeAsync(Target, Session(Target)));
        Give(Handoff(Step(record: null, endpoint: "second")));
        await HearsAsync(Second, CallerHertz, SupervisorHertz);
        await TalkAsync(500);
        await EndAsync();
        Assert.Equal(["discarded by anna", "stored"], Said());
        string file = Single<RecordingStored>().Location;
        Assert.Equal([file], Files.Where(static f => !f.EndsWith("sound.wav", StringComparison.Ordinal)));
        Assert.InRange(Tones.Tenths(Tones.Read(file, 0), CallerHertz), 5, 200);
        Assert.InRange(Tones.Tenths(Tones.Read(file, 1), SecondHertz), 2, 200);
        Assert.Equal(0, Tones.Tenths(Tones.Read(file, 0), SupervisorHertz) + Tones.Tenths(Tones.Read(file, 1), SupervisorHertz));
    }

    [Fact]
    public async Task A_pause_during_the_announcement_lets_it_be_heard_and_not_recorded()
    {
        Announcement = Sound.Prompt(_sound);
        await ConnectAsync(record: true);
        await TalkAsync(300);
        Give(Recording(RecordingChange.Pause));
        await HearsAsync(Target, CallerHertz);
        Assert.InRange(Tenths(Target, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        await EndAsync();
        string file = Single<RecordingStored>().Location;
        Assert.InRange(Tones.Tenths(Tones.Read(file, 1), SoundHertz), 1, 5);
    }

    [Fact]
    public async Task Who_is_recorded_by_a_recorder_outside_hears_that_it_is()
    {
        Announcement = Sound.Prompt(_sound);
        Options = Options with { Media = Options.Media with { Siprec = ["sip:srs@10.0.0.7:5060"] } };
        await ConnectAsync(record: true);
        await HearsAsync(Caller, SoundHertz);
        await HearsAsync(Target, CallerHertz);
        Assert.InRange(Tenths(Target, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        Assert.InRange(Tenths(Caller, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        Give(Handoff(Step(record: null, endpoint: "second")));
        await HearsAsync(Second, CallerHertz);
        Assert.Equal(0, Tenths(Second, SoundHertz));
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3261 §14.2")]
    public async Task A_caller_who_is_connected_to_nobody_and_asks_for_an_offer_hears_music_where_its_ACK_says()
    {
        Options = Options with { Answer = AnswerMode.Immediately, Media = Options.Media with { Mode = MediaMode.Anchor } };
        CallIn("+15557654321", Session(Caller));
        await TalkAsync(100);
        await using var moved = new Voice(CallerHertz, TimeProvider.System);
        Caller.ResponseHook = (request, response) =>
        {
            if (response.StatusCode != 200)
                return;
            request.DeferAck();
            request.Ack(Session(Caller, text => text.Replace($"m=audio {VoiceOf(Caller).Port} ", $"m=audio {moved.Port} ", StringComparison.Ordinal)));
        };
        VoiceOf(Caller).IsMuted = true;
        Caller.Leg!.ReInvite(null, null, Caller);
        await TalkAsync(800);
        Assert.InRange(moved.Packets, 20, 60);
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3264 §8")]
    public async Task What_a_caller_who_is_connected_to_nobody_is_answered_has_another_version_when_it_says_something_else()
    {
        Options = Options with { Answer = AnswerMode.Immediately, Media = Options.Media with { Mode = MediaMode.Anchor } };
        CallIn("+15557654321", Session(Caller));
        await TalkAsync(100);
        var versions = new List<int> { VersionIn(Caller.Heard!) };
        foreach (string codec in new[] { "8 PCMA", "8 PCMA", "0 PCMU" })
        {
            Assert.Equal("INVITE 200", await ChangeAsync(Caller, Session(Caller, text => text.Replace("RTP/AVP 0", $"RTP/AVP {codec[0]}", StringComparison.Ordinal).Replace("0 PCMU", codec, StringComparison.Ordinal))));
            versions.Add(VersionIn(Caller.Heard!));
        }
        Assert.Equal(versions.Order().Distinct(), versions);
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "4568 §7.1.4")]
    public async Task A_caller_who_is_connected_to_nobody_and_changes_its_key_is_answered_by_that()
    {
        Options = Options with { Answer = AnswerMode.Immediately, Media = Options.Media with { Mode = MediaMode.Anchor } };
        CallIn("+15557654321", Session(Caller, text => Keyed(text, 1, 'A')));
        await TalkAsync(100);
        Assert.Contains("a=crypto:1 ", Caller.Heard!, StringComparison.Ordinal);
        Assert.Equal("INVITE 200", await ChangeAsync(Caller, Session(Caller, text => Keyed(text, 2, 'B'))));
        Assert.Contains("a=crypto:2 ", Caller.Heard!, StringComparison.Ordinal);
        await EndAsync();

        static string Keyed(string text, int tag, char key) =>
            text.Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal) + $"a=crypto:{tag} AES_CM_128_HMAC_SHA1_80 inline:{new string(key, 40)}\r\n";
    }

    [Theory]
    [InlineData("sdes")]
    [InlineData("dtls")]
    public async Task A_protected_supervisor_who_cannot_be_protected_is_said_not_to_be_reached(string srtp)
    {
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == "supervisors" ? t with { Srtp = srtp == "sdes" ? MediaProtection.Sdes : MediaProtection.Dtls } : t)] };
        await ConnectAsync();
        var command = New(CommandKind.Monitor);
        Give(command with { Monitor = new MonitorChange { Action = MonitorAction.Start, MonitorId = command.CommandId, Target = "1", OutboundEndpoint = "supervisors", Mode = MonitorMode.Join } });
        await TalkAsync(200);
        Assert.Contains("RTP/SAVP", Supervisor.Heard!, StringComparison.Ordinal);
        Assert.Equal(MonitorEndCause.NotReached, Single<MonitorEnded>().Cause);
        await HearsAsync(Caller, TargetHertz);
        await EndAsync();
    }

    [Fact]
    public async Task A_transcoded_call_is_recorded_and_heard_by_who_listens_and_who_is_whispered_to_hears_both()
    {
        Options = Options with { Media = Options.Media with { Transcode = true } };
        Target.OnCall = (phone, leg) => leg.Answer(Session(phone));
        CallIn("+15557654321", Session(Caller, static text => text.Replace("RTP/AVP 0 101", "RTP/AVP 8 101", StringComparison.Ordinal).Replace("0 PCMU", "8 PCMA", StringComparison.Ordinal)));
        Decide(Step(record: true, media: "anchor"));
        await TalkAsync(300);
        Monitor(MonitorMode.Whisper, "caller");
        await TalkAsync(600);
        Assert.InRange(await CountAsync(Caller, 400, static type => type == 8), 15, 25);
        await HearsAsync(Supervisor, TargetHertz);
        Assert.Equal(0, VoiceOf(Caller).Types.Count(static type => type == 0));
        await TalkAsync(500);
        await EndAsync();
        string file = Single<RecordingStored>().Location;
        Assert.InRange(Tones.Tenths(Tones.Read(file, 1), TargetHertz), 10, 100);
    }

    private static string NoEvents(string text) => text.Replace("RTP/AVP 0 101", "RTP/AVP 0", StringComparison.Ordinal).Replace("a=rtpmap:101 telephone-event/8000\r\n", "", StringComparison.Ordinal);

    private async Task<(Leg First, Leg Second)> TwoCallsAsync(Handoff? step = null)
    {
        step ??= Step(record: null, media: "anchor");
        var first = CallIn("+15557654321", Session(Caller));
        Decide(step);
        await TalkAsync(100);
        var second = CallIn("+15557654321", Session(Caller));
        Decide(step with { OutboundEndpoint = "second" });
        await TalkAsync(100);
        return (first, second);
    }

    private async Task JoinAsync(Leg first, Leg second)
    {
        Caller.Refer($"sip:second@10.0.0.4:5060?Replaces={Uri.EscapeDataString($"{second.CallId};to-tag={second.RemoteTag};from-tag={second.LocalTag}")}", leg: first);
        await TalkAsync(400);
        Assert.Equal("notified 200, the last", Caller.Log.Last(l => l.StartsWith("notified", StringComparison.Ordinal)));
    }

    private static int VersionIn(string description) => int.Parse(description.Split("\no=")[1].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
}
