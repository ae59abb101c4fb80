using System.Diagnostics;
using System.Text.Json;
using EventCalls.Bus.Commands;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests.Commands;

/// <summary>Commands on their way to the node that has the call, and the answers on theirs.</summary>
public sealed class CallCommandsTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>, IAsyncLifetime
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly LogLines _log = new();

    /// <summary>What the node answers by.</summary>
    private readonly CallCommands _own = new(new BusOptions { RabbitMq = broker.Address }, null, TimeProvider.System, NullLogger.Instance);

    private BusOptions Options => new() { RabbitMq = broker.Address, DecisionLifeMs = 60_000, ClaimSeconds = 1 };

    public Task InitializeAsync() => broker.CleanAsync(BusQueues.Recorder, BusQueues.Router, BusQueues.Node("edge-1"), BusQueues.Node("edge-2"));

    public async Task DisposeAsync() => await _own.DisposeAsync();

    [Fact]
    public async Task A_command_for_a_call_of_this_process_needs_no_bus()
    {
        await using var commands = new CallCommands(new BusOptions(), Here("edge-1"), TimeProvider.System, NullLogger.Instance);
        var command = Command("edge-1");

        Assert.Equal(Taken(command), await commands.SendAsync(command, default));
        Assert.Equal(CommandResult.NoAnswer, (await commands.SendAsync(Command("edge-2"), default)).Result);
    }

    [Fact]
    public async Task A_call_of_this_process_that_does_not_answer_is_not_waited_for_longer_than_the_limit()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var commands = new CallCommands(
            new BusOptions(), new CommandsHere("edge-1", static _ => new TaskCompletionSource<CommandAnswer>().Task), time, NullLogger.Instance);
        var asking = commands.SendAsync(Command("edge-1"), default);
        Assert.False(asking.IsCompleted);

        time.Advance(CallCommands.Limit);

        Assert.Equal(CommandResult.NoAnswer, (await asking.WaitAsync(s_patience)).Result);
    }

    [Fact]
    public async Task A_command_of_one_process_reaches_the_node_of_another_as_it_was_and_is_answered()
    {
        var answering = new Answering(_own);
        await using var edge = await StartAsync(Options, "edge-2", answering);
        await using var commands = new CallCommands(Options, Here("edge-1"), TimeProvider.System, NullLogger.Instance);
        var command = Command("edge-2") with
        {
            Kind = CommandKind.Handoff,
            Steps = [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+1222", OutboundEndpoint = "pstn", SipHeaders = [new SipHeader("X-Å", "<1>")], Media = "anchor", Record = true }],
            Recording = RecordingChange.Discard,
            Reason = "vip",
            State = new Dictionary<string, JsonElement> { ["gone"] = JsonDocument.Parse("null").RootElement, ["n"] = JsonDocument.Parse("[1,\"a\"]").RootElement },
        };

        var answer = await commands.SendAsync(command, default).WaitAsync(s_patience);

        Assert.Equal(Taken(command), answer);
        var received = Assert.Single(answering.Received);
        Assert.Equal(JsonSerializer.Serialize(command), JsonSerializer.Serialize(received));
        Assert.Empty(_log.Of(LogLevel.Warning));
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own_answer_the_same_one_given_twice_too()
    {
        await using var edge = await StartAsync(Options, "edge-2", new Answering(_own));
        await using var commands = new CallCommands(Options, null, TimeProvider.System, NullLogger.Instance);
        CallCommand[] asked = [.. Enumerable.Range(0, 100).Select(_ => Command("edge-2"))];

        var answers = await Task.WhenAll(asked.Concat(asked).Select(c => commands.SendAsync(c, default))).WaitAsync(s_patience);

        Assert.Equal(asked.Concat(asked).Select(Taken), answers);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_said_so_at_once_and_others_are_answered_meanwhile()
    {
        await using var edge = await StartAsync(Options, "edge-2", new Answering(_own));
        await using var commands = new CallCommands(Options, null, TimeProvider.System, NullLogger.Instance);
        await commands.SendAsync(Command("edge-2"), default).WaitAsync(s_patience);
        var here = Command("edge-2");

        var gone = commands.SendAsync(Command("gone"), default);
        var answer = await commands.SendAsync(here, default).WaitAsync(s_patience);

        Assert.Equal(Taken(here), answer);
        var nobody = await gone.WaitAsync(s_patience);
        Assert.Equal(CommandResult.NoAnswer, nobody.Result);
        Assert.Contains("no queue", nobody.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_hangs_does_not_answer_and_the_limit_is_kept()
    {
        await using var edge = await StartAsync(Options, "edge-2", new Answering(_own) { IsSilent = true });
        await using var commands = new CallCommands(Options, null, TimeProvider.System, NullLogger.Instance);
        long from = Stopwatch.GetTimestamp();

        var answer = await commands.SendAsync(Command("edge-2"), default).WaitAsync(s_patience);

        Assert.Equal(CommandResult.NoAnswer, answer.Result);
        Assert.Contains("same id", answer.Problem, StringComparison.Ordinal);
        // A timer may be a tick earlier than the clock that looks at it.
        Assert.True(Stopwatch.GetElapsedTime(from) >= CallCommands.Limit - TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Nothing_is_opened_before_the_first_command_and_what_is_ends_with_the_process()
    {
        await using var edge = await StartAsync(Options, "edge-2", new Answering(_own));
        var commands = new CallCommands(Options, null, TimeProvider.System, NullLogger.Instance);
        Assert.Equal(0, await ConnectionsAsync());
        await commands.SendAsync(Command("edge-2"), default).WaitAsync(s_patience);
        Assert.Equal(2, await ConnectionsAsync());
        await commands.DisposeAsync();
        await _own.DisposeAsync();
        Assert.Equal(0, await ConnectionsAsync());
    }

    [Fact]
    public async Task A_connection_that_was_lost_is_made_again_for_the_next_command()
    {
        await using var edge = await StartAsync(Options, "edge-2", new Answering(_own));
        await using var commands = new CallCommands(Options, null, TimeProvider.System, NullLogger.Instance);
        await commands.SendAsync(Command("edge-2"), default).WaitAsync(s_patience);
        await broker.Server.ControlAsync("eval", "[rabbit_networking:close_connection(P, \"test\") || [{pid, P}, {client_properties, C}] <- rabbit_networking:connection_info_all([pid, client_properties]), lists:keyfind(<<\"connection_name\">>, 1, C) =:= {<<\"connection_name\">>, longstr, <<\"eventcalls commands\">>}].");

        var deadline = Stopwatch.GetTimestamp();
        CommandAnswer answer;
        do
        {
            answer = await commands.SendAsync(Command("edge-2"), default).WaitAsync(s_patience);
        }
        while (answer.Result != CommandResult.Taken && Stopwatch.GetElapsedTime(deadline) < s_patience);

        Assert.Equal(CommandResult.Taken, answer.Result);
    }

    [Theory]
    [InlineData(Key, CommandResult.Taken)]
    [InlineData(null, CommandResult.NoAnswer)]
    [InlineData("another key that is long enough, yes", CommandResult.NoAnswer)]
    public async Task With_a_key_a_node_takes_only_commands_with_a_right_check(string? key, CommandResult expected)
    {
        var answering = new Answering(_own);
        await using var edge = await StartAsync(Options with { HandoffKey = Key }, "edge-2", answering);
        await using var commands = new CallCommands(Options with { HandoffKey = key }, null, TimeProvider.System, NullLogger.Instance);

        Assert.Equal(expected, (await commands.SendAsync(Command("edge-2"), default).WaitAsync(s_patience)).Result);
        Assert.Equal(expected == CommandResult.Taken ? 1 : 0, answering.Received.Count);
    }

    private static CallCommand Command(string node) =>
        new() { CommandId = Guid.CreateVersion7(), CallId = Guid.CreateVersion7(), Node = node, Kind = CommandKind.Hangup, By = "anna" };

    private static CommandAnswer Taken(CallCommand command) => new() { CommandId = command.CommandId, Result = CommandResult.Taken, HandoffId = command.CallId };

    private static CommandsHere Here(string node) => new(node, static command => Task.FromResult(Taken(command)));

    private async Task<EventBus> StartAsync(BusOptions options, string node, IConsumer consumer)
    {
        var bus = new EventBus(options, node, _log);
        await bus.StartAsync([new BusEndpoint(BusQueues.Node(node), consumer) { Node = node, Concurrency = 1, Expires = TimeSpan.FromMinutes(1) }], default).WaitAsync(s_patience);
        return bus;
    }

    private async Task<int> ConnectionsAsync()
    {
        var list = await broker.Server.ControlAsync("list_connections", "-q", "client_properties");
        return list.Split('\n').Count(line => line.Contains("eventcalls commands", StringComparison.Ordinal));
    }

    /// <summary>Answers when the message is done with, as a node does that records first.</summary>
    private sealed class Answering(CallCommands own) : IConsumer<CallCommand>
    {
        public List<CallCommand> Received { get; } = [];

        public bool IsSilent { get; init; }

        public Task Consume(ConsumeContext<CallCommand> context)
        {
            lock (Received)
                Received.Add(context.Message);
            if (!IsSilent)
                _ = LaterAsync(context);
            return Task.CompletedTask;
        }

        private async Task LaterAsync(ConsumeContext<CallCommand> context)
        {
            await Task.Delay(20);
            await own.AnswerAsync(context, Taken(context.Message));
        }
    }
}
