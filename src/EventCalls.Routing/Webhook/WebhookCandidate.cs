using System.Net;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Decisions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Webhook;

/// <summary>A web service that is asked what it would decide of past calls. Safe from any thread.</summary>
public sealed class WebhookCandidate : IDisposable
{
    private const int Tries = 5;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);

    private readonly WebhookOptions _options;
    private readonly WebhookLogic _logic;
    private readonly TimeProvider _time;

    /// <param name="options">Where it is.</param>
    /// <param name="router">The destinations and endpoints that its decisions may name.</param>
    /// <param name="atOnce">How many questions there are at once, 1 or more: so many connections are kept.</param>
    /// <param name="time">The clock.</param>
    public WebhookCandidate(WebhookOptions options, RouterOptions router, int atOnce, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(router);
        (_options, _time) = (options, time);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = options.Timeout, UseCookies = false, MaxConnectionsPerServer = atOnce };
        _logic = new WebhookLogic(options, router with { Speech = SpeechUse.Ignore }, NullLogger.Instance, handler);
    }

    /// <summary>How it is named where its decisions are recorded: <c>webhook:</c> and its address, without what may be secret in it.</summary>
    public string Version => _logic.Version;

    /// <summary>Asks, as often as need be until there is an answer: a service that is overloaded (429, 503) or away is given time.</summary>
    /// <param name="request">What is decided.</param>
    /// <param name="recorded">The look-ups that were recorded with the decision.</param>
    /// <param name="taking">Which time the same is asked, from 1; a service that answers from what it kept of the first time would hide what it depends on, so the questions do not look the same.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<DecisionResult> AskAsync(DecisionRequest request, IReadOnlyList<LookupAnswer> recorded, int taking, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        // Its conversation has no REFER; where a web service decides, nodes do what their configuration says.
        if (request.Refer is { } refer)
            return ByPolicy(request, refer);
        var pause = s_firstPause;
        for (int attempt = 1; ; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_options.Timeout);
            try
            {
                return await _logic.AskAsync(request, new PastAsk(taking, recorded), limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return DecisionResults.Failed(request, Version, RoutingFailureCause.LogicTimedOut, $"The webhook {Version[LogicVersionName.WebhookPrefix.Length..]} did not answer within {_options.Timeout.TotalMilliseconds:0} ms.");
            }
            catch (HttpRequestException e) when (attempt < Tries)
            {
                await Task.Delay(e.StatusCode == HttpStatusCode.TooManyRequests ? pause * 4 : pause, _time, cancellationToken).ConfigureAwait(false);
                pause *= 2;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _logic.Dispose();

    private DecisionResult ByPolicy(DecisionRequest request, ReferReceived refer) => new()
    {
        LogicVersion = Version,
        Flow = request.Selected?.Flow ?? "start",
        State = request.State,
        Steps = [ReferSteps.Of(refer)],
        DecidedBy = $"policy ({WireName.Of(refer.Policy)})",
        Inputs = new DecisionInputs { Now = request.Now, Seed = request.Seed },
    };
}
