using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What is heard at an rtpengine by who is connected to nobody, before a handoff, and when a recording begins.</summary>
public sealed class EngineHoldTests : RecordingTest, IAsyncLifetime
{
    private readonly SlowEngine _engine = new() { IsQuick = true };

    public EngineHoldTests()
    {
        Options = Options with { Answer = AnswerMode.Immediately, Media = _engine.Carrying(Options.Media) with { Prompts = Folder } };
        Engines = _engine.Client;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    [Trait("RFC", "3264 §6")]
    public async Task A_caller_who_is_answered_at_once_is_answered_by_an_engine_hears_something_and_is_connected_then()
    {
        TargetAnswers();
        CallIn();
        await RunUntilAsync(() => _engine.Asked.Contains("play media 1"));
        Run(50);
        Assert.Equal(["offer 1", "answer 2", "block media 1", "play media 1"], _engine.Asked);
        Assert.Contains($"c=IN IP4 {SlowEngine.Shown}", Caller.Heard!, StringComparison.Ordinal);
        Assert.DoesNotContain("a=inactive", Caller.Heard!, StringComparison.Ordinal);
        Decide(Invite());
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        await RunUntilAsync(() => _engine.Asked.Contains("delete 1"));
        Assert.DoesNotContain("stop media 1", _engine.Asked);
        await EndAsync();
        Assert.Equal(2, _engine.Asked.Count(static asked => asked == "delete 1"));
    }

    [Fact]
    public async Task A_decision_that_is_quicker_than_the_engine_waits_for_the_answer()
    {
        _engine.IsQuick = false;
        TargetAnswers();
        CallIn();
        await RunUntilAsync(() => _engine.Asked.Length == 1);
        Decide(Invite());
        Run(50);
        Assert.Empty(Target.Legs);
        Assert.Empty(Caller.Log);
        _engine.IsQuick = true;
        _engine.Answer();
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Assert.Equal("call_started, call_answered caller, call_answered target", StoryOf(typeof(CallStarted), typeof(CallAnswered)));
        await EndAsync();
    }

    [Fact]
    public async Task Where_no_engine_takes_it_the_caller_is_on_hold_in_silence_and_connected_all_the_same()
    {
        _engine.Refuses = "offer";
        TargetAnswers();
        CallIn();
        await RunUntilAsync(() => Caller.Heard is not null);
        Assert.Contains("a=inactive", Caller.Heard!, StringComparison.Ordinal);
        _engine.Refuses = null;
        Decide(Invite());
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        await EndAsync();
    }

    [Fact]
    public async Task A_deadline_that_passes_while_the_engine_is_silent_has_its_default_taken()
    {
        _engine.IsQuick = false;
        Options = Options with { DeadlineMs = 300 };
        CallIn();
        Run(400);
        Assert.Contains("a=inactive", Caller.Heard!, StringComparison.Ordinal);
        Assert.NotEmpty(Journal.Events.OfType<RoutingTimedOut>());
        _engine.IsQuick = true;
        _engine.Answer();
        await RunUntilAsync(() => _engine.Asked.Contains("delete 1"));
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Any());
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3264 §8")]
    public async Task A_caller_who_changes_its_session_meanwhile_is_answered_by_the_engine()
    {
        CallIn();
        await RunUntilAsync(() => _engine.Asked.Contains("play media 1"));
        Run(50);
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        await RunUntilAsync(() => Caller.Heard!.Contains("a=recvonly", StringComparison.Ordinal));
        Assert.Equal(["offer 1", "answer 2"], _engine.Asked[4..]);
        Assert.Contains($"c=IN IP4 {SlowEngine.Shown}", Caller.Heard!, StringComparison.Ordinal);
        await EndAsync();
    }

    [Fact]
    public async Task Whose_target_leaves_while_another_one_rings_hears_something_at_the_engine_where_it_is()
    {
        await ConnectAsync(Invite());
        int before = _engine.Asked.Length;
        Second.OnCall = static (_, leg) => leg.Ring(180);
        Give(Handoff(Step(record: null, endpoint: "second")));
        await RunUntilAsync(() => Second.Leg is not null);
        Run(50);
        Target.Leg!.Bye();
        await RunUntilAsync(() => _engine.Asked.Length == before + 4);
        Assert.Equal(["offer 1", "block media 2", "block media 1", "play media 1"], _engine.Asked[before..]);
        ((Sip.Dialogs.IncomingLeg)Second.Leg!).Answer(Second.Session());
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Count() == 2);
        await RunUntilAsync(() => _engine.Asked.Count(static asked => asked == "delete 1") == 2);
        await EndAsync();
    }

    [Fact]
    public async Task A_prompt_before_a_handoff_is_played_by_the_engine_and_the_target_is_not_heard_meanwhile()
    {
        ToneFile.Write(Path.Combine(Folder, "wait.wav"), TimeSpan.FromMilliseconds(400), 500);
        await ConnectAsync(Invite());
        int before = _engine.Asked.Length;
        SecondAnswers();
        Give(Handoff(Step(record: null, endpoint: "second") with { Prompt = "wait.wav" }));
        await RunUntilAsync(() => _engine.Asked.Length >= before + 3);
        Assert.Equal(["block media 2", "play media 1", "unblock media 2"], _engine.Asked[before..(before + 3)]);
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Count() == 2);
        await EndAsync();
    }

    [Fact]
    public async Task Both_hear_that_they_are_recorded_and_the_recording_has_that_in_place_of_what_they_say()
    {
        string file = Path.Combine(Folder, "recorded.wav");
        ToneFile.Write(file, TimeSpan.FromMilliseconds(600), 500);
        Announcement = Sound.Prompt(file);
        await ConnectAsync(Step(record: true));
        await RunUntilAsync(() => _engine.Asked.Contains("unblock media 1") && _engine.Asked.Contains("unblock media 2"));
        string[] heard = [.. _engine.Asked.Where(static asked => asked.EndsWith("media 1", StringComparison.Ordinal) || asked.EndsWith("media 2", StringComparison.Ordinal))];
        Assert.Equal(["block media 1", "play media 1"], heard[..2]);
        // A sound is encoded before it is played, and that takes as long as it takes.
        Assert.Equal(["block media 1", "block media 2", "play media 1", "play media 2"], heard[2..6].Order());
        Assert.Equal(["unblock media 1", "unblock media 2"], heard[6..].Order());
        await EndAsync();
        string recording = Single<RecordingStored>().Location;
        foreach (int channel in new[] { 0, 1 })
            Assert.True(Tones.Tenths(Tones.Read(recording, channel), 500) >= 1, $"Channel {channel} does not have it.");
    }

    private async Task ConnectAsync(Handoff step)
    {
        TargetAnswers();
        CallIn();
        await RunUntilAsync(() => _engine.Asked.Contains("play media 1"));
        Decide(step);
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Run(50);
        await RunUntilAsync(() => _engine.Asked.Contains("delete 1"));
    }
}
