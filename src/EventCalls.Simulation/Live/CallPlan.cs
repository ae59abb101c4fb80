using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Live;

/// <summary>Makes the calls of a demo: callers, headers and sessions that differ the way those of a carrier do.</summary>
public static class CallPlan
{
    private static readonly string[] s_areas = ["206", "305", "312", "415", "503", "617", "702", "808"];
    private static readonly string[] s_names = ["Ada Berg", "Ben Okafor", "Chloé Martin", "Dmitri Petrov", "Elif Kaya", "Farah Haddad", "Grace Lin", "Hugo Silva"];

    /// <summary>The calls, in the order they are made.</summary>
    public static IReadOnlyList<PlannedCall> Make(DemoOptions options)
    {
        var random = new Random(options.Seed);
        var calls = new PlannedCall[options.Calls];
        for (int i = 0; i < calls.Length; i++)
            calls[i] = Make(i + 1, options.Scenarios[i % options.Scenarios.Count], random, (700, 1_800));
        return calls;
    }

    /// <summary>Calls that come after those, for as long as somebody looks on: whoever is connected talks for a while, so that some are always up.</summary>
    public static IEnumerable<PlannedCall> GoOn(DemoOptions options)
    {
        var random = new Random(options.Seed + 1);
        for (int i = options.Calls; ; i++)
            yield return Make(i + 1, options.Scenarios[i % options.Scenarios.Count], random, (30_000, 90_000));
    }

    private static PlannedCall Make(int number, Scenario scenario, Random random, (int Least, int Most) talkMs)
    {
        // 555-01xx belongs to nobody.
        string caller = scenario.Caller ?? $"+1{s_areas[random.Next(s_areas.Length)]}55501{random.Next(100):00}";
        string name = s_names[random.Next(s_names.Length)];
        return new PlannedCall
        {
            Number = number,
            Scenario = scenario,
            Caller = scenario.IsWithheld ? "" : caller,
            From = scenario.IsWithheld ? "\"Anonymous\" <sip:anonymous@anonymous.invalid>" : From(caller, name, random),
            Headers = Headers(scenario, caller, name, random),
            Session = new SimulatedSession("SBC", random.Next(1_000, 100_000), 20_000 + (2 * random.Next(5_000))),
            Codecs = random.Next(3),
            TalkMs = random.Next(talkMs.Least, talkMs.Most),
        };
    }

    private static string From(string caller, string name, Random random) => random.Next(4) switch
    {
        0 => $"<sip:{caller}@carrier.example.com;user=phone>",
        1 => $"<sip:{caller[..2]}-{caller[2..5]}-{caller[5..8]}-{caller[8..]}@carrier.example.com;user=phone>",
        2 => $"WIRELESS CALLER <sip:{caller}@carrier.example.com>",
        _ => $"\"{name}\" <sip:{caller}@carrier.example.com>",
    };

    private static List<HeaderLine> Headers(Scenario scenario, string caller, string name, Random random)
    {
        var headers = new List<HeaderLine>(scenario.Headers) { new("Supported", "timer, 100rel, replaces") };
        headers.Add(random.Next(3) switch
        {
            0 => new("P-Asserted-Identity", $"<tel:{caller}>"),
            1 => new("P-Asserted-Identity", $"\"{name}\" <sip:{caller}@carrier.example.com>, <tel:{caller}>"),
            _ => new("P-Asserted-Identity", $"<sip:{caller}@carrier.example.com;user=phone>"),
        });
        if (scenario.IsWithheld)
            headers.Add(new("Privacy", "id"));
        headers.Add(new("P-Charging-Vector", $"icid-value={random.NextInt64():x16};orig-ioi=carrier.example.com"));
        if (random.Next(4) == 0)
            headers.Add(new("Diversion", "<sip:+12125550199@carrier.example.com>;reason=unconditional;counter=1"));
        if (random.Next(3) == 0)
            headers.Add(new("Session-Expires", "1800;refresher=uac"));
        if (random.Next(3) == 0)
            headers.Add(new("User-to-User", $"{random.NextInt64():x16};encoding=hex"));
        if (!scenario.Headers.Any(h => h.Name == "X-Customer-ID") && random.Next(2) == 0)
            headers.Add(new("X-Customer-ID", $"C-{random.Next(1_000, 2_000)}"));
        if (!scenario.Headers.Any(h => h.Name == "X-Customer-Tier") && random.Next(2) == 0)
            headers.Add(new("X-Customer-Tier", random.Next(2) == 0 ? "standard" : "silver"));
        if (random.Next(3) == 0)
            headers.Add(new("X-Campaign", "spring-mailing"));
        return headers;
    }
}
