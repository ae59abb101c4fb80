/// Accept-Language, with weights.
public sealed class LanguageByHeader : RoutingLogic
{
    private readonly record struct Wish(string Language, double Weight);

    private static IEnumerable<Wish> Wishes(string? header)
    {
        foreach (string part in (header ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pieces = part.Split(";q=");
            double weight = pieces.Length > 1 && double.TryParse(pieces[1], System.Globalization.CultureInfo.InvariantCulture, out double q) ? q : 1;
            yield return new Wish(pieces[0].Split('-')[0].ToLowerInvariant(), weight);
        }
    }

    public override Decision Start(Conversation conv)
    {
        string[] spoken = ["en", "de", "es"];
        var best = Wishes(conv.SipHeaders["Accept-Language"]).Where(w => spoken.Contains(w.Language)).OrderByDescending(w => w.Weight).FirstOrDefault();
        return Handoff.Refer($"sip:{best.Language ?? "en"}@desk.example.com");
    }
}
