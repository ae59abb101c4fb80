using System.Text;
using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What a handoff says of media and of recordings.</summary>
public sealed class HandoffMediaTests : RecordingTest
{
    [Theory]
    [InlineData(MediaMode.Direct, null, false)]
    [InlineData(MediaMode.Direct, "anchor", true)]
    [InlineData(MediaMode.Anchor, null, true)]
    [InlineData(MediaMode.Anchor, "direct", false)]
    public async Task A_handoff_that_says_where_media_goes_wins_over_what_is_configured(MediaMode mode, string? media, bool isAnchored)
    {
        Options = Options with { Media = Options.Media with { Mode = mode } };
        Bridge(Step(record: null, media));
        foreach (var phone in new[] { Caller, Target })
            Assert.Equal(isAnchored, phone.Heard!.Contains("c=IN IP4 127.0.0.1", StringComparison.Ordinal));
        await EndAsync();
        Assert.Empty(Said());
    }

    [Theory]
    [InlineData(false, true, null, true)]
    [InlineData(true, false, null, false)]
    [InlineData(true, null, "direct", true)]
    [InlineData(false, null, "anchor", false)]
    public async Task A_handoff_that_says_whether_it_is_recorded_wins_over_what_trunks_say(bool trunk, bool? record, string? media, bool isRecorded)
    {
        Trunk("pstn", t => t with { Record = trunk });
        Bridge(Step(record, media));
        Assert.Equal(isRecorded || media == "anchor", Caller.Heard!.Contains("c=IN IP4 127.0.0.1", StringComparison.Ordinal));
        await EndAsync();
        Assert.Equal(isRecorded ? ["stored"] : [], Said());
    }

    [Fact]
    public async Task What_a_trunk_protects_goes_through_the_node_whatever_the_handoff_says()
    {
        Trunk("carrier", t => t with { Srtp = MediaProtection.Sdes });
        Bridge(Step(record: false, media: "direct"));
        Assert.Contains("c=IN IP4 127.0.0.1", Target.Heard!, StringComparison.Ordinal);
        await EndAsync();
        Assert.Empty(Said());
    }

    [Fact]
    public void A_word_that_nobody_knows_dials_nobody()
    {
        CallIn();
        Decide(Step(record: null, media: "moon"));
        Run(100);
        Assert.Equal((TransferOutcome.InvalidTarget, "invalid target: the media is 'moon', and anchor, direct or rtpengine is possible"), (Single<TransferFailed>().Outcome, Single<TransferFailed>().Evidence.ReasonPhrase));
        Assert.Empty(Target.Log);
    }

    [Fact]
    public async Task A_target_that_is_not_to_be_recorded_pauses_a_recording_that_has_begun_and_the_next_one_ends_that()
    {
        Bridge(Step(record: true));
        Give(Handoff(Step(record: false, endpoint: "second")));
        Run(100);
        Press('4');
        Give(Handoff(Step(record: null)));
        Run(100);
        Press('1', durationMs: 0);
        await EndAsync();

        Assert.Equal(["paused by a handoff", "goes on by a handoff", "stored"], Said());
        Assert.Equal(Journal.Events.OfType<HandoffRequested>().Select(h => (Guid?)h.HandoffId).Order(), Journal.Events.OfType<RecordingPaused>().Select(p => p.HandoffId).Order());
        Assert.Equal(["withheld", "1"], Journal.Events.OfType<DtmfReceived>().Select(e => e.Digit));
    }

    [Fact]
    public async Task A_pause_that_a_command_asked_for_goes_on_with_the_next_target()
    {
        Bridge(Step(record: true));
        Give(Handoff(Step(record: false, endpoint: "second")));
        Run(100);
        Give(Recording(RecordingChange.Pause));
        Give(Handoff(Step(record: true)));
        Run(100);
        Assert.Equal(["paused by a handoff"], Said());
        Give(Recording(RecordingChange.Resume));
        await EndAsync();

        Assert.Equal(["paused by a handoff", "goes on by anna", "stored"], Said());
    }

    [Fact]
    public async Task Digits_for_a_target_that_is_not_to_be_recorded_are_withheld_whether_or_not_there_is_a_recording()
    {
        Bridge(Step(record: false, media: "anchor"));
        Press('4');
        Give(Recording(RecordingChange.Start));
        Press('1', durationMs: 0);
        await EndAsync();

        Assert.Equal(["withheld", "1"], Journal.Events.OfType<DtmfReceived>().Select(e => e.Digit));
        Assert.Equal(["stored"], Said());
    }

    [Fact]
    [Trait("RFC", "5621 §3")]
    public async Task A_session_description_among_other_parts_names_the_node_and_the_other_parts_stay_as_they_are()
    {
        TargetAnswers();
        string body = $"--b\r\nContent-Type: application/sdp\r\n\r\n{Encoding.ASCII.GetString(Caller.Session().Body.Span)}\r\n--b\r\nContent-Type: application/x-more\r\n\r\nc=IN IP4 10.0.0.2\r\n--b--\r\n";
        CallIn("+15557654321", new Content("multipart/mixed;boundary=b", Encoding.ASCII.GetBytes(body)));
        Decide(Step(record: null, media: "anchor"));
        Run(100);
        string[] parts = Target.Invite!.Split("--b");
        Assert.Contains("c=IN IP4 127.0.0.1\r\n", parts[1], StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.2", parts[1], StringComparison.Ordinal);
        Assert.Equal("\r\nContent-Type: application/x-more\r\n\r\nc=IN IP4 10.0.0.2\r\n", parts[2]);
        Assert.Contains("c=IN IP4 127.0.0.1", Caller.Heard!, StringComparison.Ordinal);
        await EndAsync();
    }

    [Fact]
    public async Task Where_no_media_can_go_through_the_node_the_stream_says_that_what_was_to_be_recorded_is_not()
    {
        Relay!.Dispose();
        Relay = null;
        Bridge(Step(record: true));
        await EndAsync();

        Assert.Equal(["failed: the media does not go through the node"], Said());
    }
}
