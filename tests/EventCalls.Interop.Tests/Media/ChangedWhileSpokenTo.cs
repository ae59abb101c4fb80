using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Calls at a real rtpengine, near or slow, whose sessions, monitors and sides change at the same time.</summary>
public sealed class ChangedWhileSpokenTo(SoundingEngine service) : IClassFixture<SoundingEngine>, IDisposable
{
    private const int CallerHertz = AnchoredCalls.CallerHertz;
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int SecondHertz = 1500;
    private const int OtherHertz = 3000;
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(200);

    public void Dispose() => service.Way.Delay = TimeSpan.Zero;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_often_somebody_joins_and_only_listens_the_last_word_holds_and_the_engine_gives_everything_back(bool isSlow)
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var other = Supervised.Supervisor(OtherHertz);
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        string monitor = await service.MonitorAsync(id, supervisor, "listen");
        await Supervised.HearAsync(supervisor, CallerHertz, TargetHertz);
        service.Way.Delay = isSlow ? s_slow : TimeSpan.Zero;
        for (int i = 0; i < 21; i++)
        {
            await service.ChangeAsync(id, monitor, i % 2 == 0 ? "join" : "listen");
            await Task.Delay(80);
        }
        await Supervised.HearAsync(caller, TargetHertz, Supervised.Hertz);
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz);
        await service.MonitorAsync(id, other, "join");
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz, OtherHertz);
        await other.HangUpAsync();
        for (int i = 0; i < 20; i++)
            await service.ChangeAsync(id, monitor, i % 2 == 0 ? "join" : "listen");
        await Supervised.HearAloneAsync(caller, TargetHertz);
        await Supervised.HearAloneAsync(target, CallerHertz);
        await service.EndAllAsync(caller, id);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(300, 1)]
    [InlineData(600, 0)]
    [InlineData(900, 1)]
    public async Task Who_hangs_up_while_a_slow_engine_is_asked_ends_the_call_there_too(int after, int who)
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        string monitor = await service.MonitorAsync(id, supervisor, "listen");
        await Supervised.HearAsync(supervisor, CallerHertz, TargetHertz);
        service.Way.Delay = s_slow;
        await service.ChangeAsync(id, monitor, "join");
        await Task.Delay(after);
        await service.EndAllAsync(who == 0 ? caller : target, id);
    }

    [Theory]
    [InlineData(0, SipMethod.Invite, 0)]
    [InlineData(400, SipMethod.Invite, 1)]
    [InlineData(700, SipMethod.Update, 1)]
    [Trait("RFC", "3264 §8.4, 3311 §5.1")]
    public async Task A_hold_at_the_time_at_which_somebody_begins_or_ceases_to_speak_loses_nobody(int after, SipMethod method, int who)
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        string monitor = await service.MonitorAsync(id, supervisor, "listen");
        await Supervised.HearAsync(supervisor, CallerHertz, TargetHertz);
        service.Way.Delay = s_slow / 2;
        var by = who == 0 ? caller : target;
        foreach (string mode in new[] { "join", "listen" })
        {
            await service.ChangeAsync(id, monitor, mode);
            await Task.Delay(after);
            await by.ChangeAsync("sendonly", method);
            Assert.Equal(200, by.LastStatus);
            await by.ChangeAsync("sendrecv", method);
            Assert.Equal(200, by.LastStatus);
            await (mode == "join" ? Supervised.HearAsync(caller, TargetHertz, Supervised.Hertz) : Supervised.HearAloneAsync(caller, TargetHertz));
            await (mode == "join" ? Supervised.HearAsync(target, CallerHertz, Supervised.Hertz) : Supervised.HearAloneAsync(target, CallerHertz));
        }
        await service.EndAllAsync(caller, id);
    }

    [Fact]
    [Trait("RFC", "3264 §8, 3261 §14.1")]
    public async Task A_change_that_nobody_answers_yet_has_both_hear_each_other_once_and_then_who_speaks_to_them_again()
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        await service.MonitorAsync(id, supervisor, "join");
        await Supervised.HearAsync(caller, TargetHertz, Supervised.Hertz);
        IncomingRequest? asked = null;
        target.Peer.Handler.Requested = (_, request) => asked = request;
        var change = caller.ChangeAsync();
        await Supervised.HearAloneAsync(caller, TargetHertz);
        await Supervised.HearAloneAsync(target, CallerHertz);
        await Supervised.HearAsync(caller, TargetHertz, Supervised.Hertz);
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz);
        Assert.Equal(0, caller.LastStatus);
        await target.Peer.DoAsync(() =>
        {
            asked!.Respond(200, null, target.Describe("sendrecv"));
            return 0;
        });
        await change;
        await caller.HearMoreAsync(50);
        await Supervised.HearAsync(caller, TargetHertz, Supervised.Hertz);
        await Supervised.HearAsync(target, CallerHertz, Supervised.Hertz);
        await service.EndAllAsync(caller, id);
    }

    [Theory]
    [InlineData("join")]
    [InlineData("listen")]
    public async Task A_caller_whose_target_leaves_hears_music_alone_whoever_joins_and_then_the_next_one_with_them(string before)
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        await using var supervisor = Supervised.Supervisor();
        IncomingLeg? ringing = null;
        second.Invited = leg => (ringing = leg).Ring(180);
        second.Voice.IsMuted = true;
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        string monitor = await service.MonitorAsync(id, supervisor, before);
        await Supervised.HearAsync(supervisor, CallerHertz, TargetHertz);
        await service.GiveAsync(id, "handoff", """{"handoff": {"invite": {"phone_number": "+13333333", "outbound_endpoint": "second"}}}""");
        await second.UntilAsync(() => ringing is not null, "it is not called");
        await target.HangUpAsync();
        await Supervised.HearAloneAsync(caller, SoundingEngine.MusicHertz);
        if (before == "listen")
            await service.ChangeAsync(id, monitor, "join");
        await caller.HearMoreAsync(50);
        Assert.True(Supervised.HearsAlone(caller.Voice, SoundingEngine.MusicHertz), "It hears more than music.");
        second.Voice.IsMuted = false;
        await second.Peer.DoAsync(() =>
        {
            ringing!.Answer(second.Describe("sendrecv"));
            return 0;
        });
        await Supervised.HearAsync(caller, SecondHertz, Supervised.Hertz);
        await Supervised.HearAsync(second, CallerHertz, Supervised.Hertz);
        await service.EndAllAsync(caller, id);
    }
}
