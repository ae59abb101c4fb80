namespace EventCalls.Console.Security;

/// <summary>Where somebody goes after signing in: nowhere but on this site.</summary>
internal static class LocalAddress
{
    /// <summary>The address, when it is one of this site; else the first page.</summary>
    public static string Of(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && Uri.TryCreate(address, UriKind.Relative, out _) && !address.Any(char.IsControl) ? address : "/";
}
