using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;
using EventCalls.Routing.Loading.Rules;

namespace EventCalls.Routing.Loading.CheckPoints;

/// <summary>Called by compiled logic instead of methods of the framework that would let the machine show through.</summary>
/// <remarks>Not for use in routing logic. Names and parameters are those of the methods they stand for.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StandIns
{
    /// <summary>Compares without regard to case; for frozen collections, whose order follows from hash codes.</summary>
    public static IEqualityComparer<string> OrdinalIgnoreCase => IgnoringCase.Comparer;

    /// <summary>The time zone of an IANA id. Ids that name files of the machine (<c>localtime</c>, <c>../x</c>) are none.</summary>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static TimeZoneInfo FindSystemTimeZoneById(string id) =>
        TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            // The framework's own message tells of files.
            : throw new TimeZoneNotFoundException($"There is no time zone '{id}'; an IANA id such as Europe/Berlin is expected.");

    /// <summary>The time zone of an IANA id; false when there is none.</summary>
    public static bool TryFindSystemTimeZoneById(string id, [NotNullWhen(true)] out TimeZoneInfo? timeZoneInfo)
    {
        ArgumentNullException.ThrowIfNull(id);
        timeZoneInfo = null;
        return TimeRules.IsZone(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out timeZoneInfo);
    }

    /// <summary>The same instant in a zone.</summary>
    public static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId) =>
        TimeZoneInfo.ConvertTime(dateTimeOffset, FindSystemTimeZoneById(destinationTimeZoneId));

    /// <summary>The same instant in another zone.</summary>
    public static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId) =>
        TimeZoneInfo.ConvertTime(dateTime, FindSystemTimeZoneById(sourceTimeZoneId), FindSystemTimeZoneById(destinationTimeZoneId));

    /// <summary>An address; one whose scope is the name of a network interface is none.</summary>
    public static IPAddress Parse(string ipString)
    {
        ArgumentNullException.ThrowIfNull(ipString);
        return TryParse(ipString, out IPAddress? address) ? address : throw NoAddress();
    }

    /// <summary>An address; one whose scope is the name of a network interface is none.</summary>
    public static IPAddress Parse(ReadOnlySpan<char> ipSpan) => TryParse(ipSpan, out IPAddress? address) ? address : throw NoAddress();

    /// <summary>An address; false for text that is none, and for one whose scope is the name of a network interface.</summary>
    public static bool TryParse([NotNullWhen(true)] string? ipString, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return ipString is not null && TryParse(ipString.AsSpan(), out address);
    }

    /// <summary>An address; false for text that is none, and for one whose scope is the name of a network interface.</summary>
    public static bool TryParse(ReadOnlySpan<char> ipSpan, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return !HasNamedScope(ipSpan) && IPAddress.TryParse(ipSpan, out address);
    }

    /// <summary>A network.</summary>
    public static IPNetwork ParseNetwork(string s) => HasNamedScope(s) ? throw NoAddress() : IPNetwork.Parse(s);

    /// <summary>A network.</summary>
    public static IPNetwork ParseNetwork(ReadOnlySpan<char> s) => HasNamedScope(s) ? throw NoAddress() : IPNetwork.Parse(s);

    /// <summary>A network; false for text that is none.</summary>
    public static bool TryParseNetwork(string? s, out IPNetwork result)
    {
        result = default;
        return !HasNamedScope(s) && IPNetwork.TryParse(s, out result);
    }

    /// <summary>A network; false for text that is none.</summary>
    public static bool TryParseNetwork(ReadOnlySpan<char> s, out IPNetwork result)
    {
        result = default;
        return !HasNamedScope(s) && IPNetwork.TryParse(s, out result);
    }

    /// <summary>In the filter of every <c>catch</c>: what the machine or the limits of a decision brought about is not for logic to catch.</summary>
    public static bool IsOfLogic(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is OutOfMemoryException or InsufficientExecutionStackException or TypeInitializationException or RegexMatchTimeoutException)
                return false;
        }

        return true;
    }

    /// <summary>What an exception says, with the line ends of no machine in particular.</summary>
    public static string Message(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Message.ReplaceLineEndings("\n");
    }

    // An index in digits stays what it is; a name is looked up among the interfaces of the machine.
    private static bool HasNamedScope(ReadOnlySpan<char> text)
    {
        int percent = text.IndexOf('%');
        if (percent < 0)
            return false;
        foreach (char c in text[(percent + 1)..])
        {
            if (!char.IsAsciiDigit(c) && c is not (']' or '/' or ':'))
                return true;
        }

        return false;
    }

    private static FormatException NoAddress() => new("An invalid IP address was specified.");
}
