namespace EventCalls.Replay.Deciding;

/// <summary>Puts the process into another time zone until it is disposed.</summary>
internal sealed class OtherTimeZone : IDisposable
{
    private const string Variable = "TZ";

    // Far from where most people are, and not by whole hours: 45 minutes show what rounds to hours.
    private const string Other = "Pacific/Chatham";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    private OtherTimeZone() => Set(_before == Other ? "Asia/Kathmandu" : Other);

    public static OtherTimeZone? If(bool isWanted) => isWanted ? new OtherTimeZone() : null;

    public void Dispose() => Set(_before);

    private static void Set(string? zone)
    {
        Environment.SetEnvironmentVariable(Variable, zone);
        TimeZoneInfo.ClearCachedData();
    }
}
