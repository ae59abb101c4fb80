using System.Globalization;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Queries;

/// <summary>Reads the values of parameters; one that cannot be used is refused by name.</summary>
internal static class QueryValues
{
    private const int MaxText = 500;

    /// <summary>A text; null when it is not given.</summary>
    public static string? Text(this IQueryCollection query, string name)
    {
        string? value = query[name];
        return value is null ? null
            : value.Length is 0 or > MaxText ? throw ApiProblemException.Invalid(name, $"{name} has {value.Length} characters; expected 1 to {MaxText}, or leave it out.")
            : value;
    }

    /// <summary>A number, or a URI that may have one for its user; null when it is not given.</summary>
    public static string? NumberOrUri(this IQueryCollection query, string name) => query.Text(name) is { } text ? WithPlus(text) : null;

    /// <summary>A number, or a URI with one, as it was meant: a plus that nobody escaped comes as a blank, which neither has.</summary>
    public static string WithPlus(string text)
    {
        int number = text.IndexOf(':') + 1;
        return number + 1 < text.Length && text[number] == ' ' && char.IsAsciiDigit(text[number + 1]) ? $"{text.AsSpan(0, number)}+{text.AsSpan(number + 1)}" : text;
    }

    /// <summary>A time, UTC; null when it is not given.</summary>
    public static DateTimeOffset? Time(this IQueryCollection query, string name) => query.Text(name) is not { } text ? null
        : UtcTime.TryParse(text, out var time) ? time
        : throw ApiProblemException.Invalid(name, $"{name} is '{PlainText.Of(text)}'; expected a date or a time in UTC such as 2026-01-31 or 2026-01-31T13:00:00Z.");

    /// <summary>A whole number; null when it is not given.</summary>
    public static int? Number(this IQueryCollection query, string name, int least, int most) => query.Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number
        : throw ApiProblemException.Invalid(name, $"{name} is '{PlainText.Of(text)}'; expected a whole number from {least} to {most}.");

    /// <summary>One of the words of a closed set; null when it is not given.</summary>
    public static T? Word<T>(this IQueryCollection query, string name)
        where T : struct, Enum => query.Text(name) is not { } text ? null
        : WireName.TryParse(text, out T value) ? value
        : throw ApiProblemException.Invalid(name, $"{name} is '{PlainText.Of(text)}'; expected one of {string.Join(", ", WireName.All<T>())}.");

    /// <summary>True or false; null when it is not given.</summary>
    public static bool? Truth(this IQueryCollection query, string name) => query.Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        { } text => throw ApiProblemException.Invalid(name, $"{name} is '{PlainText.Of(text)}'; expected true or false."),
    };
}
