using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Ingress;

/// <summary>Finds all that is wrong with the options, not only the first.</summary>
public static class TelephonyProblems
{
    /// <summary>What is wrong, each with its key; empty when an <see cref="IngressService"/> can be made of the options.</summary>
    public static IReadOnlyList<TelephonyOptionsException> Of(TelephonyOptions options)
    {
        var problems = new List<TelephonyOptionsException>();
        Try(() => TelephonyCheck.Run(options), problems);
        foreach (var trunk in options.Trunks)
            Try(() => _ = new TrunkTable([trunk with { ReferEndpoint = null }]), problems);
        // Trunks that contradict each other are looked for when each is right by itself.
        if (problems.Count == 0)
            Try(() => _ = new TrunkTable(options.Trunks), problems);
        return problems;
    }

    private static void Try(Action check, List<TelephonyOptionsException> problems)
    {
        try
        {
            check();
        }
        catch (TelephonyOptionsException e)
        {
            problems.Add(e);
        }
    }
}
