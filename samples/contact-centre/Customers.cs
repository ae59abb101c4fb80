/// <summary>Who is who. A longer list belongs into a look-up table (Routing:Lookups, read with conv.Lookup).</summary>
internal static class Customers
{
    /// <summary>The extension of a customer's account manager; null when the customer has none.</summary>
    public static string? AccountManagerOf(string? customerId) => customerId switch
    {
        "C-2001" => "4210",
        "C-2002" => "4211",
        _ => null,
    };

    /// <summary>Whether calls of this number are refused.</summary>
    public static bool IsBlocked(string callerNumber) => callerNumber is "+19005550166" or "+19005550177";
}
