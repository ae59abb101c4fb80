using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;

namespace EventCalls.Simulation.Forks;

/// <summary>Plays a recorded call from one of its events on.</summary>
public static class Fork
{
    // Deciding is watched by the wall clock, and the machine may be busy; logic that hangs is stopped all the same.
    private static readonly TimeSpan s_leastLimit = TimeSpan.FromSeconds(2);

    /// <summary>The router that decides after the fork.</summary>
    /// <param name="recording">The call.</param>
    /// <param name="settings">What is configured now.</param>
    /// <param name="folder">The logic's folder.</param>
    /// <param name="lookups">Where look-ups get their answers.</param>
    /// <param name="time">The clock that watches over the logic.</param>
    public static ForkRouter RouterFor(Recording recording, ForkSettings settings, string folder, RecordedThenLiveLookups lookups, TimeProvider time) =>
        new(OptionsFor(recording, settings) with { LogicPath = folder, HotReload = false, DecisionThreads = 1 }, lookups, time);

    /// <summary>The router that decides after the fork, by logic that decides for other calls as well.</summary>
    /// <param name="recording">The call.</param>
    /// <param name="settings">What is configured now.</param>
    /// <param name="ready">The logic.</param>
    /// <param name="lookups">Where look-ups get their answers.</param>
    /// <param name="time">The clock that watches over the logic.</param>
    public static ForkRouter RouterFor(Recording recording, ForkSettings settings, ReadyLogic ready, RecordedThenLiveLookups lookups, TimeProvider time) =>
        new(OptionsFor(recording, settings), ready, lookups, time);

    /// <summary>Plays it.</summary>
    /// <param name="recording">The call.</param>
    /// <param name="at">The last event that stays as it was, from 1.</param>
    /// <param name="injection">What then happens otherwise; null for nothing but the decisions.</param>
    /// <param name="settings">What is configured now.</param>
    /// <param name="router">Decides after the fork.</param>
    /// <param name="ct">Stops the play.</param>
    /// <param name="outages">Trunks and targets that do not do what they did, from the beginning on; null for none.</param>
    /// <exception cref="InvalidOperationException">The played call does not come to an end.</exception>
    public static async Task<ForkResult> PlayAsync(
        Recording recording, int at, Injection? injection, ForkSettings settings, ForkRouter router, CancellationToken ct, IReadOnlyList<Outage>? outages = null)
    {
        var assumed = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            var play = new ForkPlay(recording, at, injection, router, ForkOptions.For(recording, settings, assumed), outages ?? []);
            var result = await play.RunAsync(ct).ConfigureAwait(false);
            // Where no trunk is configured, such as on the machine the logic is written on, every endpoint is taken to be there.
            var missing = settings.IsWithoutTrunks ? UnknownIn(result, OutboundOf(recording, settings, assumed)) : [];
            if (missing.Count == 0)
                return result with { AssumedEndpoints = assumed };
            assumed.UnionWith(missing);
        }
    }

    private static RouterOptions OptionsFor(Recording recording, ForkSettings settings) => settings.Router with
    {
        Webhook = null,
        TimeLimit = settings.Router.TimeLimit > s_leastLimit ? settings.Router.TimeLimit : s_leastLimit,
        KnownEndpoints = settings.IsWithoutTrunks ? null : OutboundOf(recording, settings, []),
    };

    private static HashSet<string> OutboundOf(Recording recording, ForkSettings settings, IReadOnlyCollection<string> assumed) =>
        ForkOptions.For(recording, settings, assumed).Trunks.Where(t => t.To.Count > 0).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static List<string> UnknownIn(ForkResult result, HashSet<string> known) =>
    [
        .. result.Events.Skip(result.At).OfType<HandoffRequested>()
            .SelectMany(h => h.Steps).Select(s => s.OutboundEndpoint).OfType<string>()
            .Where(name => name.Length > 0 && !known.Contains(name) && !WasMissing(result.Recording, name)).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private static bool WasMissing(Recording recording, string endpoint) => recording.Attempts.Any(a =>
        endpoint.Equals(a.Started.Trunk, StringComparison.OrdinalIgnoreCase) && a.Evidence is { } e && PeerPlans.IsRefusedHere(e));
}
