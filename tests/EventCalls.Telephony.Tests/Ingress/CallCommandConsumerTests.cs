using System.Threading.Channels;
using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Telephony.Tests.Transfers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Ingress;

public sealed class CallCommandConsumerTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly FakeJournal _journal = new();
    private readonly Channel<CommandAnswer> _answers = Channel.CreateUnbounded<CommandAnswer>();
    private readonly LoopbackTrunk _trunk;
    private readonly IngressService _service;

    public CallCommandConsumerTests()
    {
        _trunk = new LoopbackTrunk(_journal);
        _service = new IngressService(
            new TelephonyOptions { Node = "edge-1", Listen = ["udp:127.0.0.1:0"], Trunks = [new TrunkOptions { Name = "carrier", From = ["127.0.0.1"] }], DeadlineMs = 600_000 },
            _journal,
            new FakeMessages(),
            TimeProvider.System,
            NullLogger<IngressService>.Instance);
    }

    [Fact]
    public async Task A_command_is_given_to_its_call_and_answered()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        var command = Hangup(started);

        var answer = await ConsumeAsync(command);

        Assert.Equal((command.CommandId, CommandResult.Taken), (answer.CommandId, answer.Result));
        Assert.StartsWith("SIP/2.0 480", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_delivered_again_does_nothing_more_and_is_answered_alike()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        var command = Hangup(started) with { Kind = CommandKind.Handoff, Steps = [new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:a@b" }] };

        var answers = new[] { await ConsumeAsync(command), await ConsumeAsync(command) };

        Assert.Equal(answers[0], answers[1]);
        Assert.Single(_journal.Events.OfType<CommandTaken>());
        Assert.Single(_journal.Events.OfType<TransferStarted>());
    }

    [Fact]
    public async Task A_command_for_a_call_that_is_not_here_is_answered_so()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);

        Assert.Equal(CommandResult.UnknownCall, (await ConsumeAsync(Hangup(started) with { CallId = Guid.CreateVersion7() })).Result);
    }

    [Fact]
    public async Task A_command_for_a_recording_that_there_is_not_is_answered_with_the_field_each_time()
    {
        await _service.StartAsync(CancellationToken.None);
        var command = Hangup(await _trunk.CallAsync(_service, 1)) with { Kind = CommandKind.Recording, Recording = RecordingChange.Pause };

        var answers = new[] { await ConsumeAsync(command), await ConsumeAsync(command) };

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal((CommandResult.Invalid, "action: the call is not recorded; start that first"), (answers[0].Result, answers[0].Problem));
        Assert.Empty(_journal.Events.OfType<CommandTaken>());
    }

    [Fact]
    public async Task A_node_that_has_stopped_does_not_take_the_message()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        await _service.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => new CallCommandConsumer(_service, Keep, NullLogger.Instance).Consume(MessageContextProxy.Of(Hangup(started))));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_sent_faults_nothing_and_is_said()
    {
        await _service.StartAsync(CancellationToken.None);
        var started = await _trunk.CallAsync(_service, 1);
        var logger = new SaidLogger();

        await new CallCommandConsumer(_service, static (_, _) => throw new IOException("the broker is away"), logger).Consume(MessageContextProxy.Of(Hangup(started)));

        Assert.Contains("could not be answered", await logger.Said.Task.WaitAsync(s_patience), StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 480", await _trunk.ReceiveAsync(), StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _trunk.Dispose();
    }

    private static CallCommand Hangup(CallStarted started) =>
        new() { CommandId = Guid.CreateVersion7(), CallId = started.CallId, Node = started.Node, Kind = CommandKind.Hangup, By = "anna" };

    private async Task<CommandAnswer> ConsumeAsync(CallCommand command)
    {
        await new CallCommandConsumer(_service, Keep, NullLogger.Instance).Consume(MessageContextProxy.Of(command));
        using var limit = new CancellationTokenSource(s_patience);
        return await _answers.Reader.ReadAsync(limit.Token);
    }

    private Task Keep(MassTransit.ConsumeContext context, CommandAnswer answer)
    {
        _answers.Writer.TryWrite(answer);
        return Task.CompletedTask;
    }

    private sealed class SaidLogger : ILogger
    {
        public TaskCompletionSource<string> Said { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.TrySetResult(formatter(state, exception));
    }
}
