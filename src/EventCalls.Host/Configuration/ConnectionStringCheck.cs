using Npgsql;

namespace EventCalls.Host.Configuration;

/// <summary>Reads a connection string of PostgreSQL for what is wrong with it; what is said never holds the password.</summary>
internal static class ConnectionStringCheck
{
    private const string Expected = "expected a connection string such as Host=127.0.0.1;Database=calls;Username=calls;Password=…";

    /// <summary>What is wrong, with what would be right; null when it can be used.</summary>
    public static string? Problem(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) && text.StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
            return $"an address is not understood here; {Expected}";
        if (Read(text) is not { } problem)
            return null;
        // What follows the password may be a part of it: only the head may be repeated.
        int secret = new[] { "password", "pwd", "passfile" }.Select(w => text.IndexOf(w, StringComparison.OrdinalIgnoreCase)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (secret < 0)
            return $"{Expected}: {problem}";
        return secret > 0 && Read(text[..secret]) is { } inHead
            ? $"{Expected}: {inHead}"
            : $"{Expected}; a value with ; = or a quote in it stands in quotes, Password='…', and a quote in it is written twice";
    }

    private static string? Read(string text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host) ? "it names no Host" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
