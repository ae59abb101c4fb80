namespace EventCalls.Media.Audio;

/// <summary>What callers of a country are used to hear while it rings, when the target is busy, and when there is no way through (ITU-T E.180 supplement 2).</summary>
internal sealed record CountryTones(string Country, Cadence Ringback, Cadence Busy, Cadence Congestion)
{
    private static readonly CountryTones[] s_all =
    [
        Of("at", "420/1000,0/5000", "420/400,0/400", "420/200,0/200"),
        Of("au", "413+438/400,0/200,413+438/400,0/2000", "425/375,0/375", "425/375,0/375"),
        Of("be", "425/1000,0/3000", "425/500,0/500", "425/167,0/167"),
        Of("ca", "440+480/2000,0/4000", "480+620/500,0/500", "480+620/250,0/250"),
        Of("ch", "425/1000,0/4000", "425/500,0/500", "425/200,0/200"),
        Of("de", "425/1000,0/4000", "425/480,0/480", "425/240,0/240"),
        Of("es", "425/1500,0/3000", "425/200,0/200", "425/200,0/200,425/200,0/200,425/200,0/600"),
        Of("fr", "440/1500,0/3500", "440/500,0/500", "440/250,0/250"),
        Of("gb", "400+450/400,0/200,400+450/400,0/2000", "400/375,0/375", "400/400,0/350,400/225,0/525"),
        Of("it", "425/1000,0/4000", "425/500,0/500", "425/200,0/200"),
        Of("jp", "400*16/1000,0/2000", "400/500,0/500", "400/500,0/500"),
        Of("nl", "425/1000,0/4000", "425/500,0/500", "425/250,0/250"),
        Of("se", "425/1000,0/5000", "425/250,0/250", "425/250,0/750"),
        Of("us", "440+480/2000,0/4000", "480+620/500,0/500", "480+620/250,0/250"),
    ];

    /// <summary>All countries, by their code.</summary>
    public static IReadOnlyList<CountryTones> All => s_all;

    /// <summary>The tones of a country by its two letters (ISO 3166-1); null when there are none here.</summary>
    public static CountryTones? Find(string country) => Array.Find(s_all, tones => tones.Country.Equals(country, StringComparison.OrdinalIgnoreCase));

    private static CountryTones Of(string country, string ringback, string busy, string congestion) =>
        new(country, Cadence.Parse(ringback), Cadence.Parse(busy), Cadence.Parse(congestion));
}
