namespace EventCalls.Bus;

/// <summary>The bus as configured: section <c>EventCalls:Bus</c>.</summary>
public sealed record BusOptions
{
    /// <summary>A key that signs handoffs has at least this many characters.</summary>
    public const int LeastHandoffKeyLength = 32;

    /// <summary>An AMQP address with user and password; null for the in-memory bus.</summary>
    public Uri? RabbitMq { get; init; }

    /// <summary>How many messages a consumer takes ahead, 1–1,000.</summary>
    public int Prefetch { get; init; } = 64;

    /// <summary>How long events are gathered for the recorder while there is traffic, milliseconds, 0–1,000: fewer messages against a later decision. With 0 what comes while a batch is under way is the next batch.</summary>
    public int GatherMs { get; init; }

    /// <summary>How long a message that keeps failing waits before it is delivered again, seconds, 1–3,600.</summary>
    public int RedeliverySeconds { get; init; } = 30;

    /// <summary>How often it is, before it goes to the queue's error queue, 0–1,000.</summary>
    public int Redeliveries { get; init; } = 10;

    /// <summary>How long a request for a decision is of use; the broker drops it then, milliseconds.</summary>
    public int DecisionLifeMs { get; init; } = 10_000;

    /// <summary>How long a node waits for its name when another run has it, seconds: longer than the broker needs to notice that a machine vanished.</summary>
    public int ClaimSeconds { get; init; } = 15;

    /// <summary>What an ingress that is a router too does with its calls while the broker is away or blocks publishers.</summary>
    public BusAwayMode WhenAway { get; init; }

    /// <summary>After how long without a confirmation the broker counts as away, milliseconds.</summary>
    public int AwayAfterMs { get; init; } = 1000;

    /// <summary>Signs handoffs, and is accepted by an ingress; null when handoffs are not checked.</summary>
    public string? HandoffKey { get; init; }

    /// <summary>A second key that an ingress accepts, while keys are changed.</summary>
    public string? HandoffKeyAccepted { get; init; }

    /// <summary>The address without its password, for people.</summary>
    public string Description =>
        RabbitMq is null ? "in memory" : $"RabbitMQ at {RabbitMq.Host}:{(RabbitMq.Port > 0 ? RabbitMq.Port : 5672)}{RabbitMq.AbsolutePath}";
}
