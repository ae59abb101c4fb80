using EventCalls.Contracts;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What is asked of a call's recording from outside.</summary>
public sealed class RecordingCommandTests : RecordingTest
{
    [Fact]
    public async Task A_pause_and_its_end_are_recorded_with_who_asked()
    {
        Bridge(Step(record: true));
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Pause) with { Reason = "card" })!.Result);
        Assert.Equal((CommandKind.Recording, RecordingChange.Pause, "anna", "card"), (Command.Kind, Command.Recording, Command.By, Command.Reason));
        Assert.Equal(Command.EventId, Last<RecordingPaused>().CausationId);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Resume))!.Result);
        await EndAsync();

        Assert.Equal(["paused by anna", "goes on by anna", "stored"], Said());
        Assert.Equal([Single<RecordingStored>().Location], Files);
    }

    [Fact]
    public async Task A_command_that_is_delivered_again_does_nothing_more_and_is_answered_alike()
    {
        Bridge(Step(record: true));
        var pause = Recording(RecordingChange.Pause);
        var first = Give(pause);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Resume))!.Result);
        Assert.Equal(first, Give(pause));
        Assert.Equal(CommandResult.OtherCommand, Give(pause with { Recording = RecordingChange.Discard })!.Result);
        await EndAsync();

        Assert.Equal(2, Journal.Events.OfType<CommandTaken>().Count());
        Assert.Equal(["paused by anna", "goes on by anna", "stored"], Said());
    }

    [Fact]
    public async Task What_is_so_already_is_taken_and_changes_nothing()
    {
        Bridge(Step(record: true));
        foreach (var change in new[] { RecordingChange.Start, RecordingChange.Resume, RecordingChange.Pause, RecordingChange.Pause })
            Assert.Equal(CommandResult.Taken, Give(Recording(change))!.Result);
        await EndAsync();

        Assert.Equal(4, Journal.Events.OfType<CommandTaken>().Count());
        Assert.Equal(["paused by anna", "stored"], Said());
    }

    [Fact]
    public async Task A_pause_holds_before_the_bus_has_confirmed_it()
    {
        Bridge(Step(record: true));
        Journal.ConfirmsAtOnce = false;
        Assert.Null(Give(Recording(RecordingChange.Pause), out var answer));
        Press('4');
        Assert.Equal(DtmfReceived.Withheld, Single<DtmfReceived>().Digit);
        Journal.Confirm();
        Run(1);
        Assert.Equal(CommandResult.Taken, answer()!.Result);
        Journal.ConfirmsAtOnce = true;
        await EndAsync();
    }

    [Fact]
    public async Task What_is_discarded_is_deleted_once_that_is_recorded_and_the_stream_says_so()
    {
        Bridge(Step(record: true));
        await RunUntilAsync(() => Files.Length == 1);
        Journal.ConfirmsAtOnce = false;
        Assert.Null(Give(Recording(RecordingChange.Discard), out var answer));
        // Its writer looks every 100 ms for what it is told.
        int turns = 0;
        await RunUntilAsync(() => ++turns >= 300);
        Assert.Single(Files);
        Journal.ConfirmsAtOnce = true;
        Journal.Confirm();
        await RunUntilAsync(() => Journal.Events.OfType<RecordingDiscarded>().Any());
        Assert.Equal(CommandResult.Taken, answer()!.Result);
        Assert.Empty(Files);
        Assert.Equal(Command.EventId, Single<RecordingDiscarded>().CausationId);
        await EndAsync();

        Assert.Equal(["discarded by anna"], Said());
    }

    [Fact]
    public async Task A_call_that_ends_at_once_says_before_its_end_that_the_recording_is_discarded()
    {
        Bridge(Step(record: true));
        Journal.ConfirmsAtOnce = false;
        Give(Recording(RecordingChange.Discard));
        Journal.ConfirmsAtOnce = true;
        await EndAsync();

        Assert.Equal(["discarded by anna"], Said());
        Assert.Empty(Files);
    }

    [Fact]
    public async Task After_a_discard_a_start_begins_another_recording_and_what_trunks_say_does_not()
    {
        Trunk("carrier", t => t with { Record = true });
        Bridge(Step(record: null));
        Give(Recording(RecordingChange.Discard));
        Give(Handoff(Invite(endpoint: "second")));
        Run(100);
        Assert.Equal("action: the call is not recorded; start that first", Give(Recording(RecordingChange.Pause))!.Problem);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Start))!.Result);
        await EndAsync();

        Assert.Equal(["discarded by anna", "stored"], Said().Order());
        Assert.Equal([Single<RecordingStored>().Location], Files);
    }

    [Fact]
    public async Task A_call_whose_media_goes_through_the_node_is_recorded_from_a_start_on()
    {
        Bridge(Step(record: null, media: "anchor"));
        Assert.Empty(Files);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Start))!.Result);
        await RunUntilAsync(() => Files.Length == 1);
        await EndAsync();

        Assert.Equal(["stored"], Said());
    }

    [Theory]
    [InlineData(RecordingChange.Start, "action: the call's media does not go through the node")]
    [InlineData(RecordingChange.Pause, "action: the call is not recorded")]
    [InlineData(RecordingChange.Resume, "action: the call is not recorded")]
    [InlineData(RecordingChange.Discard, "action: the call is not recorded")]
    [InlineData(null, "action: is missing; give one of start, pause, resume, discard")]
    public async Task What_cannot_be_is_refused_by_the_name_of_the_field_and_not_recorded(RecordingChange? change, string problem)
    {
        Bridge(Step(record: null));
        var answer = Give(Recording(change))!;
        Assert.Equal(CommandResult.Invalid, answer.Result);
        Assert.StartsWith(problem, answer.Problem, StringComparison.Ordinal);
        Assert.Empty(Journal.Events.OfType<CommandTaken>());
        await EndAsync();
    }

    [Fact]
    public async Task Before_anybody_is_connected_and_after_the_end_there_is_nothing_to_record()
    {
        TargetAnswers();
        CallIn();
        Assert.StartsWith("action: the caller is connected to nobody yet", Give(Recording(RecordingChange.Start))!.Problem, StringComparison.Ordinal);
        Assert.Equal(CommandResult.UnknownCall, Give(Recording(RecordingChange.Start) with { CallId = Guid.CreateVersion7() })!.Result);
        Decide(Step(record: true));
        Run(100);
        Give(Recording(RecordingChange.Pause));
        Assert.Equal("action: the recording is paused; resume it", Give(Recording(RecordingChange.Start))!.Problem);
        await EndAsync();
        Assert.Equal(CommandResult.CallOver, Give(Recording(RecordingChange.Resume))!.Result);
    }

    [Fact]
    public async Task Digits_are_withheld_while_the_recording_is_paused_and_one_that_was_pressed_meanwhile_too()
    {
        Bridge(Step(record: true));
        Press('1');
        Give(Recording(RecordingChange.Pause));
        Press('4');
        Give(Recording(RecordingChange.Resume));
        Press('5', durationMs: 5_000);
        Run(10_000);
        Press('7');
        await EndAsync();

        Assert.Equal(["1 20", "withheld ", "withheld ", "7 20"], Journal.Events.OfType<DtmfReceived>().Select(e => $"{e.Digit} {e.DurationMs}"));
        Assert.Equal("INFO 200", Caller.Log.Last(line => line.StartsWith("INFO", StringComparison.Ordinal)));
        Assert.Equal(4, Target.Log.Count(line => line == "INFO WITH BODY"));
    }

    [Fact]
    public async Task A_recording_that_cannot_be_written_is_said_to_have_failed_at_once_and_another_one_may_be_begun()
    {
        string file = Path.Combine(Folder, "file");
        Recorder = RecorderInto(Path.Combine(file, "within"));
        await File.WriteAllTextAsync(file, "");
        Bridge(Step(record: true));
        await RunUntilAsync(() => Journal.Events.OfType<RecordingFailed>().Any());
        Assert.Equal("action: the call is not recorded; start that first", Give(Recording(RecordingChange.Discard))!.Problem);
        File.Delete(file);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Start))!.Result);
        Run(100);
        await EndAsync();

        Assert.StartsWith("failed: ", Said()[0], StringComparison.Ordinal);
        Assert.Equal("stored", Said()[1]);
        Assert.Equal(2, Said().Length);
    }
}
