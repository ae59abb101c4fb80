/// A table for each enum, in a generic class.
public sealed class EnumTables : RoutingLogic
{
    private enum Tier { Bronze, Silver, Gold }
    private enum Product { Net, Tv, Phone }
    private static class Names<T> where T : struct, Enum
    {
        public static readonly T[] All = Enum.GetValues<T>();
        public static readonly Dictionary<string, T> ByName = All.ToDictionary(v => v.ToString(), StringComparer.OrdinalIgnoreCase);
        public static readonly IReadOnlyList<string> Texts = Array.ConvertAll(All, v => v.ToString());
        public static T Read(string? text) => text is not null && ByName.TryGetValue(text, out var v) ? v : All[0];
    }
    public override Decision Start(Conversation conv)
    {
        var tier = Names<Tier>.Read(conv.SipHeaders["X-Tier"]);
        var product = Names<Product>.Read(conv.SipHeaders["X-Product"]);
        conv.State["of"] = string.Join(',', Names<Product>.Texts);
        return Handoff.Invite($"4{(int)tier}{Array.IndexOf(Names<Product>.All, product)}00", outboundEndpoint: "pstn");
    }
}
