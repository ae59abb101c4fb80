using System.Globalization;

namespace EventCalls.Telephony.Trunks;

/// <summary>One of the places where an endpoint is reached, and its share of the calls: the lowest priority first, and by weight among equals (as RFC 2782 has it).</summary>
/// <remarks>Written as a SIP URI, with <c>;priority=10;weight=60</c> behind or without; these are for us and not part of the URI.</remarks>
internal sealed record TrunkTarget(OutboundAddress Address, int? Priority, int Weight)
{
    private const int Most = 65_535;
    private const string PriorityName = "priority=";
    private const string WeightName = "weight=";

    /// <summary>Whether it has a weight of its own.</summary>
    public bool HasWeight { get; private init; }

    /// <summary>Reads one; false with the reason.</summary>
    public static bool TryParse(string text, out TrunkTarget? target, out string? whyNot)
    {
        target = null;
        int? priority = null, weight = null;
        string[] parts = text.Split(';');
        var uri = new List<string> { parts[0] };
        foreach (string part in parts.Skip(1))
        {
            if (part.StartsWith(PriorityName, StringComparison.OrdinalIgnoreCase))
                priority = Number(part[PriorityName.Length..]);
            else if (part.StartsWith(WeightName, StringComparison.OrdinalIgnoreCase))
                weight = Number(part[WeightName.Length..]);
            else
                uri.Add(part);
        }
        if (priority == -1 || weight == -1)
        {
            whyNot = $"expected numbers from 0 to {Most} in ;priority= and ;weight=";
            return false;
        }
        if (!OutboundAddress.TryParse(string.Join(';', uri), out var address, out whyNot))
            return false;
        target = new TrunkTarget(address!, priority, weight ?? 1) { HasWeight = weight is not null };
        return true;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Most ? number : -1;
}
