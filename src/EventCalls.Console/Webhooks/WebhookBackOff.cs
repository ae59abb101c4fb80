namespace EventCalls.Console.Webhooks;

/// <summary>How long a delivery that failed waits: twice as long each time, up to an hour, and somewhat less by chance, so that those that failed together do not come back together.</summary>
internal static class WebhookBackOff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait after an attempt.</summary>
    /// <param name="attempts">How many there were, 1 or more.</param>
    /// <param name="asked">How long the receiver asked for; kept to, up to <see cref="Longest"/>.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan After(int attempts, TimeSpan? asked, double chance)
    {
        var longest = attempts > 20 ? Longest : First * Math.Pow(2, attempts - 1);
        var wait = (longest < Longest ? longest : Longest) * (1 - (chance / 4));
        return asked is { } given && given > wait ? (given < Longest ? given : Longest) : wait;
    }
}
