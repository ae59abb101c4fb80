using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Notifying;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Webhooks;

/// <summary>Sends one webhook what it is owed; another one's silence does not hold it up.</summary>
internal sealed partial class WebhookSender(WebhookOptions options, ICallStore store, IWebhookQueue queue, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How often to look for what came due, or was owed by others.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int MostOfAnAnswer = 4 << 10;
    private const int MostToldOfAnAnswer = 200;

    private readonly SemaphoreSlim _new = new(0);
    private readonly byte[] _key = WebhookOptions.KeyOf(options.Secret) ?? throw new ArgumentException("The secret is no base64.", nameof(options));
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = options.Parallel,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = MostOfAnAnswer,
            // An address that moved is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = options.Timeout,
        })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Something new is owed.</summary>
    public void Wake() => _new.Release();

    /// <summary>Sends until it is cancelled; what is under way then is owed still.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // Before what is due is read: what comes due meanwhile is not waited for a turn longer.
            var tick = Task.Delay(Interval, time, turn.Token);
            var news = _new.WaitAsync(turn.Token);
            if (!await SendDueAsync(cancellationToken).ConfigureAwait(false))
                await Task.WhenAny(tick, news).ConfigureAwait(false);
            await turn.CancelAsync().ConfigureAwait(false);
            await tick.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await news.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _new.Dispose();
    }

    // Whether there was anything.
    private async Task<bool> SendDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            var due = await queue.ListDueAsync(options.Name, time.GetUtcNow(), options.Parallel, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(due.Select(delivery => SendAsync(delivery, cancellationToken))).ConfigureAwait(false);
            return due.Count > 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (StoreUnreachableException e)
        {
            LogAway(options.Name, e.Message);
            return false;
        }
    }

    private async Task SendAsync(OwedDelivery delivery, CancellationToken cancellationToken)
    {
        Answer answer;
        try
        {
            if (await WebhookBody.OfAsync(store, delivery, cancellationToken).ConfigureAwait(false) is not { } body)
            {
                // The call was erased: nobody is told of it any more.
                await queue.ForgetAsync(options.Name, delivery.Id, cancellationToken).ConfigureAwait(false);
                return;
            }
            answer = await PostAsync(delivery, body, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DamagedEventException or NotSupportedException)
        {
            answer = new Answer(Outcome.Hopeless, PlainText.Of(e.Message));
        }
        var now = time.GetUtcNow();
        switch (answer.Outcome)
        {
            case Outcome.Arrived:
                await queue.ForgetAsync(options.Name, delivery.Id, cancellationToken).ConfigureAwait(false);
                LogArrived(options.Name, delivery.Type, delivery.Id);
                break;
            case Outcome.Gone:
                // It was tried, and those that go with it were not.
                await queue.SaveAttemptAsync(options.Name, delivery with { Attempts = delivery.Attempts + 1, Problem = answer.Problem }, cancellationToken).ConfigureAwait(false);
                await queue.StopAsync(options.Name, answer.Problem, options.AddressHash, now, cancellationToken).ConfigureAwait(false);
                LogGone(options.Name, answer.Problem);
                break;
            default:
                await FailedAsync(delivery, answer, now, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async Task FailedAsync(OwedDelivery delivery, Answer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = delivery.OwedSince + options.GiveUpAfter;
        var next = now + WebhookBackOff.After(delivery.Attempts + 1, answer.RetryAfter, Random.Shared.NextDouble());
        bool isDead = answer.Outcome == Outcome.Hopeless || now >= last;
        var tried = delivery with { Attempts = delivery.Attempts + 1, NextAt = next < last ? next : last, Problem = answer.Problem, DeadAt = isDead ? now : null };
        await queue.SaveAttemptAsync(options.Name, tried, cancellationToken).ConfigureAwait(false);
        if (isDead)
            LogDead(options.Name, delivery.Type, delivery.Id, tried.Attempts, answer.Problem);
        else
            LogFailed(options.Name, delivery.Type, delivery.Id, tried.Attempts, tried.NextAt, answer.Problem);
    }

    private async Task<Answer> PostAsync(OwedDelivery delivery, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("EventCalls", "1"));
        WebhookSignature.Sign(request, _key, delivery.Id, time.GetUtcNow(), body);
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return new Answer(Outcome.Arrived, "");
            string problem = $"{(int)response.StatusCode} {PlainText.Of(response.ReasonPhrase ?? "")}".TrimEnd();
            if (response.StatusCode == HttpStatusCode.Gone)
                return new Answer(Outcome.Gone, problem);
            string text = await BeginningAsync(response, both.Token).ConfigureAwait(false);
            return new Answer(Outcome.Failed, text.Length == 0 ? problem : $"{problem}: {text}", RetryAfter(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(Outcome.Failed, $"no answer within {options.Timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new Answer(Outcome.Failed, PlainText.Of(e.InnerException is SocketException socket ? socket.Message : e.Message));
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;

    // Some of it is for people; nobody has to keep what a receiver likes to send.
    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[MostOfAnAnswer];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        string text = PlainText.Of(Encoding.UTF8.GetString(buffer, 0, length).Trim());
        return text.Length > MostToldOfAnAnswer ? text[..MostToldOfAnAnswer] : text;
    }

    private enum Outcome
    {
        Arrived,
        Failed,
        Hopeless,
        Gone,
    }

    private sealed record Answer(Outcome Outcome, string Problem, TimeSpan? RetryAfter = null);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Webhook {Webhook} took {Type} {Id}")]
    private partial void LogArrived(string webhook, string type, Guid id);

    [LoggerMessage(Level = LogLevel.Information, Message = "Webhook {Webhook} did not take {Type} {Id}, attempt {Attempt}; the next is at {Next:O}: {Problem}")]
    private partial void LogFailed(string webhook, string type, Guid id, int attempt, DateTimeOffset next, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} never took {Type} {Id}, {Attempts} attempt(s); it is a dead letter now: {Problem}")]
    private partial void LogDead(string webhook, string type, Guid id, int attempts, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} wants to be told no more ({Problem}) and is stopped; give it another address, or replay its dead letters")]
    private partial void LogGone(string webhook, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What webhook {Webhook} is owed cannot be read or kept now; trying again: {Reason}")]
    private partial void LogAway(string webhook, string reason);
}
