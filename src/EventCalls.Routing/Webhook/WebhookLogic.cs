using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Decisions;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Webhook;

/// <summary>Asks a web service: the conversation is posted as JSON, the decision comes back in the form of <see cref="DecisionJson"/>.</summary>
internal sealed partial class WebhookLogic : ILogic, IDisposable
{
    private const int MaxAnswer = 256 * 1024;

    private readonly WebhookOptions _options;
    private readonly RouterOptions _router;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, bool> _ignored = new(StringComparer.Ordinal);
    private readonly HttpClient _client;
    private readonly string _place;

    public WebhookLogic(WebhookOptions options, RouterOptions router, ILogger logger, HttpMessageHandler? handler)
    {
        _options = options;
        _router = router;
        _logger = logger;
        // A user, a password or a token may stand in the URL; what is recorded holds neither.
        _place = options.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        _client = new HttpClient(handler ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = options.Timeout,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswer,
        };
    }

    public string Version => LogicVersionName.WebhookPrefix + _place;

    public async Task<DecisionResult> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        DecisionResult result;
        try
        {
            result = await AskAsync(request, PastAsk.None, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = Failed(request, RoutingFailureCause.LogicTimedOut, $"did not answer within {_options.Timeout.TotalMilliseconds:0} ms.");
        }
        catch (HttpRequestException e)
        {
            result = Failed(request, RoutingFailureCause.LogicThrew, $"could not be asked: {e.Message}");
        }

        return result with { Elapsed = Stopwatch.GetElapsedTime(began) };
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Asks once. What the service answers is in the result, also when that is no decision; not being answered at all throws.</summary>
    /// <exception cref="HttpRequestException">The service could not be asked.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<DecisionResult> AskAsync(DecisionRequest request, PastAsk past, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(2048);
        ConversationJson.Write(body, request, past);
        using var message = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // The same for a message delivered twice, so that the service can tell.
        message.Headers.TryAddWithoutValidation("Idempotency-Key", past.Taking == 0 ? request.Cause.EventId.ToString() : $"{request.Cause.EventId}-replay-{past.Taking}");
        if (_options.Authorization is { } authorization)
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await _client.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (past.Taking > 0 && answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            throw new HttpRequestException($"answered {(int)answer.StatusCode} {answer.ReasonPhrase}", null, answer.StatusCode);
        if (!answer.IsSuccessStatusCode)
            return Failed(request, RoutingFailureCause.LogicThrew, $"answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
        return Read(request, await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    private DecisionResult Read(DecisionRequest request, byte[] json)
    {
        if (json.Length == 0)
            return Failed(request, RoutingFailureCause.NoDecision, "answered without a decision.");
        if (!DecisionJson.TryRead(json, out var document, out string? error, _router.Speech))
            return Failed(request, RoutingFailureCause.InvalidDecision, $"answered what is no decision: {error}");
        foreach (string field in document!.IgnoredSpeech)
        {
            if (_ignored.TryAdd(field, true))
                LogSpeech(_place, field);
        }

        var state = Merge(request.State, document.State);
        var inputs = new DecisionInputs { Now = request.Now, Seed = request.Seed };
        if (!_router.Handoffs.TryResolve(document, state, request.HandoffId, out document, out var answers, out error))
            return Failed(request, RoutingFailureCause.InvalidDecision, $"answered a decision that cannot be carried out: {error}") with { Inputs = inputs with { Lookups = answers } };
        if (document.Steps.Count == 0)
            return Failed(request, RoutingFailureCause.NoDecision, "answered without a handoff.");
        if (!DecisionValidation.TryCheck(document, _router.KnownEndpoints, out var steps, out error))
            return Failed(request, RoutingFailureCause.InvalidDecision, $"answered a decision that cannot be carried out: {error}");
        return new DecisionResult
        {
            LogicVersion = Version,
            Flow = document.Flow ?? request.Selected?.Flow ?? "start",
            State = state,
            Steps = steps,
            Reason = document.Reason,
            DecidedBy = $"POST {_place}",
            Inputs = inputs with { Lookups = answers },
        };
    }

    private static IReadOnlyDictionary<string, JsonElement> Merge(
        IReadOnlyDictionary<string, JsonElement> state, IReadOnlyDictionary<string, JsonElement>? changes)
    {
        if (changes is null)
            return state;
        var merged = new Dictionary<string, JsonElement>(state, StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            if (value.ValueKind == JsonValueKind.Null)
                merged.Remove(key);
            else
                merged[key] = value;
        }

        return merged;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Webhook} answers with {Field}, which is speech and is passed over (Routing:Speech = ignore); this is said once.")]
    private partial void LogSpeech(string webhook, string field);

    private DecisionResult Failed(DecisionRequest request, RoutingFailureCause cause, string what) =>
        DecisionResults.Failed(request, Version, cause, $"The webhook {_place} {what}");
}
