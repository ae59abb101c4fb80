namespace EventCalls.Sip.Authentication;

/// <summary>What a trunk's challenges are answered with.</summary>
/// <param name="UserName">The user name, as the trunk's operator gave it.</param>
/// <param name="Password">The password.</param>
/// <param name="Realm">The only realm these may be used for; null allows any.</param>
public sealed record Credentials(string UserName, string Password, string? Realm = null)
{
    /// <summary>Without the password, so that it never reaches a log.</summary>
    public override string ToString() => Realm is null ? UserName : $"{UserName}@{Realm}";
}
