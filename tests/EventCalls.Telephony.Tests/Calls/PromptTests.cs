using EventCalls.Contracts;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What a caller hears before a handoff is carried out.</summary>
public sealed class PromptTests : RecordingTest
{
    private const int PromptMs = 1000;

    public PromptTests()
    {
        ToneFile.Write(Path.Combine(Folder, "welcome.wav"), TimeSpan.FromMilliseconds(PromptMs), 500);
        File.WriteAllText(Path.Combine(Folder, "broken.wav"), "no sound");
        Options = Options with { Media = Options.Media with { Prompts = Folder } };
    }

    [Fact]
    public async Task A_caller_who_is_not_answered_yet_is_answered_hears_it_and_is_connected_then()
    {
        TargetAnswers();
        CallIn();
        Decide(Step(record: null) with { Prompt = "welcome.wav" });
        Run(50);
        Assert.Equal(["200"], Caller.Log);
        Assert.Contains("c=IN IP4 127.0.0.1", Caller.Heard!, StringComparison.Ordinal);
        Assert.Empty(Target.Log);
        long began = Time.GetTimestamp();
        await RunUntilAsync(() => Target.Log.Count > 0);
        Assert.True(Time.GetTimestamp() - began >= PromptMs - 50);
        Run(100);
        Assert.Single(Journal.Events.OfType<TransferCompleted>());
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1")]
    public async Task A_caller_whose_INVITE_brought_no_offer_hears_it_once_it_has_answered_ours()
    {
        Caller.OnAnswered = static (_, leg) => leg.DeferAck();
        TargetAnswers();
        CallIn(withOffer: false);
        Decide(Step(record: null) with { Prompt = "welcome.wav" });
        Run(2 * PromptMs);
        Assert.Empty(Target.Log);
        ((Sip.Dialogs.OutgoingLeg)Caller.Leg!).Ack(Caller.Session());
        long began = Time.GetTimestamp();
        await RunUntilAsync(() => Target.Log.Count > 0);
        Assert.True(Time.GetTimestamp() - began >= PromptMs - 50);
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        await EndAsync();
    }

    [Fact]
    public async Task It_is_heard_before_a_REFER_too()
    {
        CallIn();
        Decide(Refer() with { Prompt = "welcome.wav" });
        Run(50);
        Assert.Equal(["200"], Caller.Log);
        await RunUntilAsync(() => Caller.Log.Count > 1);
        Assert.Equal(["200", "REFER"], Caller.Log.Select(line => line.Split(' ')[0]).Take(2).Select(w => w.ToUpperInvariant()));
        Caller.Leg!.Bye();
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Any());
    }

    [Fact]
    public async Task Who_hangs_up_meanwhile_is_not_handed_off()
    {
        CallIn();
        Decide(Step(record: null) with { Prompt = "welcome.wav" });
        Run(100);
        await EndAsync();
        Run(2 * PromptMs);
        Assert.Equal(TransferOutcome.CallerHungUp, Single<TransferFailed>().Outcome);
        Assert.Empty(Target.Log);
    }

    [Theory]
    [InlineData("../welcome.wav", "the prompt is the name of a WAV file in the folder Media:Prompts")]
    [InlineData("/etc/welcome.wav", "the prompt is the name of a WAV file in the folder Media:Prompts")]
    [InlineData("welcome.mp3", "the prompt is the name of a WAV file in the folder Media:Prompts")]
    [InlineData("other.wav", "the prompt 'other.wav' is not in the folder of prompts (Media:Prompts)")]
    public void What_is_no_file_of_the_folder_is_refused_and_nobody_is_answered(string prompt, string why)
    {
        CallIn();
        Decide(Step(record: null) with { Prompt = prompt });
        Run(100);
        Assert.Equal(TransferOutcome.InvalidTarget, Single<TransferFailed>().Outcome);
        Assert.Contains(why, Single<TransferFailed>().Evidence.ReasonPhrase, StringComparison.Ordinal);
        Assert.Empty(Caller.Log);
        Assert.Empty(Target.Log);
    }

    [Fact]
    public async Task A_file_that_cannot_be_played_fails_the_step_and_says_why_and_the_next_one_is_carried_out()
    {
        TargetAnswers();
        CallIn();
        Decide(Step(record: null) with { Prompt = "broken.wav" }, Step(record: null));
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Assert.Contains("no WAV file", Single<TransferFailed>().Evidence.ReasonPhrase, StringComparison.Ordinal);
        await EndAsync();
    }

    [Fact]
    public void Without_a_folder_of_prompts_there_is_none()
    {
        Options = Options with { Media = Options.Media with { Prompts = null } };
        CallIn();
        Decide(Step(record: null) with { Prompt = "welcome.wav" });
        Run(100);
        Assert.Contains("no folder of prompts is configured", Single<TransferFailed>().Evidence.ReasonPhrase, StringComparison.Ordinal);
    }
}
