using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Webhook;

namespace EventCalls.Routing;

/// <summary>How a router decides.</summary>
public sealed record RouterOptions
{
    /// <summary>The folder of the routing logic; null for none.</summary>
    public string? LogicPath { get; init; }

    /// <summary>What routers decide by: <c>folder</c>, each by what its folder holds, always; or <c>store</c>, all by the version that was activated over the API or the page, and by the folder only while none is. A change in the folder does nothing then.</summary>
    public LogicFrom LogicFrom { get; init; }

    /// <summary>The node's name, by which it is known who loaded a version; null where nobody asks.</summary>
    public string? Node { get; init; }

    /// <summary>The webhook that decides instead of a folder; null for none.</summary>
    public WebhookOptions? Webhook { get; init; }

    /// <summary>What logic of a folder may ask by <c>conv.Fetch</c>.</summary>
    public IReadOnlyList<Fetching.FetchSource> Sources { get; init; } = [];

    /// <summary>What is done when the logic gives no usable decision.</summary>
    public DefaultDecision Default { get; init; } = DefaultDecision.Reject480;

    /// <summary>The outbound endpoints that are configured; null leaves their names unchecked.</summary>
    public IReadOnlySet<string>? KnownEndpoints { get; init; }

    /// <summary>The destinations that a webhook's decisions may name. Logic of a folder asks for them by its look-ups: <see cref="HandoffDestinations.AddTo"/>.</summary>
    public HandoffDestinations Handoffs { get; init; } = HandoffDestinations.None;

    /// <summary>What is done with what a decision in JSON wants spoken (<c>utterance</c>, <c>content</c>, <c>listen</c>, <c>variant</c>, or a text in place of a decision).</summary>
    public SpeechUse Speech { get; init; }

    /// <summary>How long one decision of a logic folder may take, 10 ms to 10 s.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many threads decide in this process, 1–64; 0 for as many as there are processors, at least 2.</summary>
    public int DecisionThreads { get; init; }

    /// <summary>Where a logic folder's decisions are taken: <c>process</c>, in processes of their own, or <c>in-process</c>, on threads of this one, where logic that overflows the stack or uses up the memory ends the service.</summary>
    public LogicIsolation Isolation { get; init; }

    /// <summary>How many processes decide at once, 1–64; one more is kept ready.</summary>
    public int Deciders { get; init; } = 1;

    /// <summary>How large the heap of a process that decides may grow, MB, 32–65,536; look-up tables count besides.</summary>
    public int DeciderMemoryMb { get; init; } = 256;

    /// <summary>How many of 100 live decisions are taken a second time, aside, in a process with another time zone, locale and environment, 0–100; a difference is logged as an error. 0 when decisions are taken in this process.</summary>
    public int VerifyPercent { get; init; } = 1;

    /// <summary>How many calls are decided at once, 1–1,000; null for 128 with a webhook, which mostly waits, 512 with sources to fetch from, else 16.</summary>
    public int? Concurrency { get; init; }

    /// <summary>How many calls are decided at once.</summary>
    public int EffectiveConcurrency => Concurrency ?? (Webhook is not null ? 128 : Sources.Count > 0 ? 512 : 16);

    /// <summary>How long a question is of use; the call has taken its default then. Null leaves the age of a question unchecked.</summary>
    public TimeSpan? Life { get; init; }

    /// <summary>Whether the questions come from this process, so that every one's age is known; else only that of one delivered again is checked, because clocks differ.</summary>
    public bool SharesClock { get; init; }

    /// <summary>Whether to watch the logic folder and load what changes.</summary>
    public bool HotReload { get; init; } = true;

    /// <summary>Throws with the name of the option that is out of its range.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public void Check()
    {
        if (LogicPath is not null && Webhook is not null)
            throw new ArgumentException("Routing: give a logic folder (Logic) or a webhook (Webhook), not both.");
        if (LogicFrom == LogicFrom.Store && Webhook is not null)
            throw new ArgumentException("Routing:LogicFrom: 'store' is given, and a webhook (Webhook) decides; leave one of them out.");
        if (TimeLimit < TimeSpan.FromMilliseconds(10) || TimeLimit > TimeSpan.FromSeconds(10))
            throw new ArgumentException($"Routing:TimeLimitMs: {TimeLimit.TotalMilliseconds:0} is given; 10 to 10000 are possible.");
        if (DecisionThreads is < 0 or > 64)
            throw new ArgumentException($"Routing:DecisionThreads: {DecisionThreads} is given; 0 to 64 are possible.");
        if (Deciders is < 1 or > 64)
            throw new ArgumentException($"Routing:Deciders: {Deciders} is given; 1 to 64 are possible.");
        if (DeciderMemoryMb is < 32 or > 65_536)
            throw new ArgumentException($"Routing:DeciderMemoryMb: {DeciderMemoryMb} is given; 32 to 65536 are possible.");
        if (VerifyPercent is < 0 or > 100)
            throw new ArgumentException($"Routing:VerifyPercent: {VerifyPercent} is given; 0 to 100 are possible.");
        if (Concurrency is < 1 or > 1000)
            throw new ArgumentException($"Routing:Concurrency: {Concurrency} is given; 1 to 1000 are possible.");
        if (Webhook is not { } webhook)
            return;
        if (!webhook.Url.IsAbsoluteUri || webhook.Url.Scheme is not ("http" or "https"))
            throw new ArgumentException($"Routing:Webhook:Url: '{(webhook.Url.IsAbsoluteUri ? webhook.Url.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped) : webhook.Url.OriginalString)}' is given; an absolute http or https URL is needed.");
        if (webhook.Timeout < TimeSpan.FromMilliseconds(10) || webhook.Timeout > TimeSpan.FromSeconds(60))
            throw new ArgumentException($"Routing:Webhook:TimeoutMs: {webhook.Timeout.TotalMilliseconds:0} is given; 10 to 60000 are possible.");
        if (webhook.Authorization is { } value && Decisions.HeaderCheck.ValueError(value) is { } error)
            throw new ArgumentException($"Routing:Webhook:Authorization: {error}.");
    }
}
