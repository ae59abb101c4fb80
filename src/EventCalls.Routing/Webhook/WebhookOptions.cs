namespace EventCalls.Routing.Webhook;

/// <summary>A web service that decides.</summary>
public sealed record WebhookOptions
{
    /// <summary>Where the conversation is posted to, <c>http</c> or <c>https</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>How long the answer may take, 10 ms to 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The <c>Authorization</c> header to send; never logged or recorded.</summary>
    public string? Authorization { get; init; }
}
