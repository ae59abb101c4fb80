using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using EventCalls.Bus.Serialization;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using PublishRefusal = RabbitMQ.Client.Exceptions.PublishException;

namespace EventCalls.Bus.Commands;

/// <summary>Asks other nodes over RabbitMQ, and answers them: a command goes into its node's queue, and the answer comes back by the broker's direct reply-to, which is no queue and ends with the connection.</summary>
/// <remarks>The connection is its own, made for the first command and again when it was lost; a bus that sends no command has none. Safe from any thread.</remarks>
internal sealed class RemoteCommands(BusOptions options) : IAsyncDisposable
{
    /// <summary>The broker's name for "the one who asks".</summary>
    private const string ReplyTo = "amq.rabbitmq.reply-to";

    // Who asked has been told long before that nobody answers: what a node finds in its queue later is not to surprise anybody.
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(10);

    private readonly HandoffCheck? _check = HandoffCheck.Of(options);
    private readonly ConcurrentDictionary<Guid, Asked> _asked = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private IConnection? _connection;
    private IChannel? _channel;

    /// <summary>Sends the command, and returns the answer; null when its node has no queue.</summary>
    /// <exception cref="OperationCanceledException">No answer came in time.</exception>
    public async Task<CommandAnswer?> AskAsync(CallCommand command, CancellationToken cancellationToken)
    {
        var asked = new Asked();
        // The same one given twice at once: one after the other.
        while (!_asked.TryAdd(command.CommandId, asked))
        {
            if (_asked.TryGetValue(command.CommandId, out var other))
                await other.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        try
        {
            var channel = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await SendAsync(channel, command, cancellationToken).ConfigureAwait(false);
            return await asked.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PublishRefusal e) when (e.IsReturn)
        {
            return null;
        }
        finally
        {
            _asked.TryRemove(command.CommandId, out _);
            asked.Done.SetResult();
        }
    }

    /// <summary>Sends the answer to who asked.</summary>
    /// <param name="replyTo">Where the broker says that the command came from.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AnswerAsync(string replyTo, CommandAnswer answer, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(cancellationToken).ConfigureAwait(false);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(answer, BusMessageJson.Default.CommandAnswer);
        // Who has gone meanwhile needs no answer any more.
        await channel.BasicPublishAsync("", replyTo, mandatory: false, new BasicProperties { ContentType = EventMessageSerializer.Json.MediaType }, body, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _opening.Dispose();
    }

    private async Task SendAsync(IChannel channel, CallCommand command, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(command, BusMessageJson.Default.CallCommand);
        var headers = new Dictionary<string, object?>
        {
            [MessageHeaders.MessageType] = MessageUrn.ForTypeString<CallCommand>(),
        };
        if (_check is not null)
            headers[HandoffCheck.Header] = _check.Sign(body);
        var properties = new BasicProperties
        {
            ContentType = EventMessageSerializer.Json.MediaType,
            MessageId = Guid.CreateVersion7().ToString(),
            ReplyTo = ReplyTo,
            Expiration = s_life.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
            Headers = headers,
        };
        // By the queue's own name: an exchange that is not there would close the channel for all who wait.
        await channel.BasicPublishAsync("", BusQueues.Node(command.Node), mandatory: true, properties, body, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _channel) is { IsOpen: true } open)
            return open;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_channel is { IsOpen: true } meanwhile)
                return meanwhile;
            await CloseAsync().ConfigureAwait(false);
            _connection = await BrokerConnection.OpenAsync(options, cancellationToken, "eventcalls commands").ConfigureAwait(false);
            var channel = await _connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken).ConfigureAwait(false);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += OnAnswerAsync;
            await channel.BasicConsumeAsync(ReplyTo, autoAck: true, consumer, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _channel, channel);
            return channel;
        }
        finally
        {
            _opening.Release();
        }
    }

    private Task OnAnswerAsync(object sender, BasicDeliverEventArgs delivered)
    {
        try
        {
            if (JsonSerializer.Deserialize(delivered.Body.Span, BusMessageJson.Default.CommandAnswer) is { } answer && _asked.TryGetValue(answer.CommandId, out var asked))
                asked.Answer.TrySetResult(answer);
        }
        catch (JsonException)
        {
            // What is no answer answers nobody; who asked hears that at the limit.
        }
        return Task.CompletedTask;
    }

    private async Task CloseAsync()
    {
        var (channel, connection) = (Interlocked.Exchange(ref _channel, null), Interlocked.Exchange(ref _connection, null));
        if (channel is not null)
            await channel.DisposeAsync().ConfigureAwait(false);
        if (connection is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Asked
    {
        public TaskCompletionSource<CommandAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Nobody waits for its answer any more.</summary>
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
