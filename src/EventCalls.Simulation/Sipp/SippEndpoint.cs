using EventCalls.Contracts;
using EventCalls.Simulation.Forks;
using EventCalls.Simulation.Peers;

namespace EventCalls.Simulation.Sipp;

/// <summary>One outbound endpoint of a recorded call, which one SIPp process stands in for.</summary>
/// <param name="Name">The endpoint's name; the target's host where no endpoint was named.</param>
/// <param name="Port">The port SIPp listens on unless told otherwise.</param>
/// <param name="Attempts">The attempts that reached it, in order.</param>
internal sealed record SippEndpoint(string Name, int Port, IReadOnlyList<RecordedAttempt> Attempts)
{
    private const int FirstPort = 5081;

    /// <summary>Its name as part of a file name.</summary>
    public string FileName => string.Concat(Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' ? char.ToLowerInvariant(c) : '-'));

    /// <summary>The variable of the run script that sets its port.</summary>
    public string Variable => "TARGET_" + FileName.Replace('-', '_').ToUpperInvariant();

    /// <summary>Whether logic names it; else the service dials the recorded host itself.</summary>
    public bool IsNamed => Attempts[0].Started.Trunk is not null;

    /// <summary>The endpoints of a call, in the order they were first dialled.</summary>
    public static IReadOnlyList<SippEndpoint> Of(Recording recording)
    {
        var dialled = recording.Attempts.Where(a => a.Started.Method == HandoffMethod.Invite && IsReached(a));
        var endpoints = new List<SippEndpoint>();
        foreach (var group in dialled.GroupBy(a => a.Started.Trunk ?? HostOf(a.Started.Target), StringComparer.OrdinalIgnoreCase))
        {
            var endpoint = new SippEndpoint(group.Key, FirstPort + endpoints.Count, [.. group]);
            // Two names may come to the same file name.
            if (endpoints.Any(e => e.FileName == endpoint.FileName))
                endpoint = endpoint with { Name = $"{group.Key}-{endpoints.Count + 1}" };
            endpoints.Add(endpoint);
        }
        return endpoints;
    }

    /// <summary>Whether anything was sent to the target that could have arrived.</summary>
    public static bool IsReached(RecordedAttempt attempt) =>
        attempt.Evidence is not { } e || !(PeerPlans.IsRefusedHere(e) || e.Here() is LocalEvidence.TransportError or LocalEvidence.HostNotFound or LocalEvidence.NotConfirmed);

    private static string HostOf(string target)
    {
        string host = target[(target.LastIndexOf('@') + 1)..];
        int end = host.IndexOfAny([';', '?']);
        return end < 0 ? host : host[..end];
    }
}
