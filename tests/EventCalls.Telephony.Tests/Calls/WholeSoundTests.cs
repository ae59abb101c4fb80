using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Prompts and announcements are heard whole, whoever monitors, hangs up or begins to record meanwhile, and everything goes on behind them.</summary>
public sealed class WholeSoundTests : VoicesTest
{
    private const int SoundMs = 1200;

    public WholeSoundTests()
    {
        string path = Path.Combine(Folder, "sound.wav");
        ToneFile.Write(path, TimeSpan.FromMilliseconds(SoundMs), SoundHertz);
        Announcement = Sound.Prompt(path);
        Options = Options with { Media = Options.Media with { Prompts = Folder } };
    }

    [Fact]
    public async Task Who_joins_a_call_is_heard_again_behind_the_prompt_of_a_handoff_that_fails()
    {
        Second.OnCall = static (_, leg) => leg.Reject(486);
        await ConnectAsync();
        Monitor(MonitorMode.Join);
        await HearsAsync(Caller, TargetHertz, SupervisorHertz);
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SoundHertz);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        await HearsAsync(Caller, TargetHertz, SupervisorHertz);
        Assert.Single(Journal.Events.OfType<TransferFailed>());
        await EndAsync();
    }

    [Fact]
    public async Task A_prompt_is_heard_whole_by_whom_somebody_begins_to_speak_to_meanwhile()
    {
        await ConnectAsync();
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SoundHertz);
        Monitor(MonitorMode.Join);
        await HearsAsync(Caller, SecondHertz, SupervisorHertz);
        Assert.InRange(Tenths(Caller, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        await EndAsync();
    }

    [Fact]
    public async Task An_announcement_is_heard_whole_by_both_and_who_joins_the_call_behind_it()
    {
        await ConnectAsync();
        var monitor = Monitor(MonitorMode.Join);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        Give(Recording(RecordingChange.Start));
        await HearsAsync(Caller, SoundHertz);
        Change(monitor, MonitorMode.Whisper, "caller");
        Change(monitor, MonitorMode.Join);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        await HearsAsync(Caller, TargetHertz, SupervisorHertz);
        Assert.InRange(Tenths(Caller, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        Assert.InRange(Tenths(Target, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        await EndAsync();
    }

    [Fact]
    public async Task Who_joined_a_call_before_its_recording_began_is_heard_by_the_next_target_and_behind_the_announcement()
    {
        await ConnectAsync();
        Monitor(MonitorMode.Join);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        Give(Handoff(Step(record: true, endpoint: "second")));
        await HearsAsync(Second, SoundHertz);
        await HearsAsync(Second, CallerHertz, SupervisorHertz);
        await HearsAsync(Caller, SecondHertz, SupervisorHertz);
        Assert.InRange(Tenths(Caller, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        await EndAsync();
    }

    [Fact]
    public async Task An_announcement_is_heard_whole_by_a_caller_who_is_handed_on_meanwhile()
    {
        await ConnectAsync(record: true);
        await HearsAsync(Caller, SoundHertz);
        Give(Handoff(Step(record: true, endpoint: "second")));
        await HearsAsync(Caller, SecondHertz);
        Assert.InRange(Tenths(Caller, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        await EndAsync();
    }

    [Fact]
    public async Task A_prompt_waits_for_the_end_of_an_announcement()
    {
        await ConnectAsync(record: true);
        await HearsAsync(Caller, SoundHertz);
        Give(Handoff(Step(record: true, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SecondHertz);
        Assert.InRange(Tenths(Caller, SoundHertz), 2 * (SoundMs / 100 - 2), 2 * SoundMs / 100);
        await EndAsync();
    }

    [Fact]
    public async Task An_announcement_is_heard_behind_a_prompt_that_is_played_when_a_recording_begins()
    {
        Second.OnCall = static (_, leg) => leg.Reject(486);
        await ConnectAsync();
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SoundHertz);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Start))!.Result);
        await HearsAsync(Target, SoundHertz);
        await HearsAsync(Caller, TargetHertz);
        Assert.InRange(Tenths(Caller, SoundHertz), 2 * (SoundMs / 100 - 2), 2 * SoundMs / 100);
        Assert.InRange(Tenths(Target, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        await EndAsync();
        Assert.Equal(["stored"], Said());
    }

    [Fact]
    public async Task A_prompt_is_heard_whole_though_the_target_hangs_up_meanwhile()
    {
        await ConnectAsync();
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "sound.wav" }));
        await HearsAsync(Caller, SoundHertz);
        Target.Leg!.Bye();
        await HearsAsync(Caller, SecondHertz);
        Assert.InRange(Tenths(Caller, SoundHertz), SoundMs / 100 - 2, SoundMs / 100);
        await EndAsync();
    }
}
