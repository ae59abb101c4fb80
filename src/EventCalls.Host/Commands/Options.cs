using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;

namespace EventCalls.Host.Commands;

/// <summary>The option <c>--json</c>, which every command has.</summary>
internal static class JsonOption
{
    public static Option<bool> AddTo(Command command, string description)
    {
        var option = new Option<bool>("--json") { Description = description };
        command.Add(option);
        return option;
    }
}

/// <summary>The option <c>--roles</c>.</summary>
internal static class RolesOption
{
    /// <param name="more">What it means to leave it out.</param>
    public static Option<string?> Create(string more)
    {
        var option = new Option<string?>("--roles") { Description = $"ingress, router, recorder and console, separated by commas; {more}", HelpName = "ROLES" };
        option.CompletionSources.Add([.. Enum.GetNames<Role>().Select(r => r.ToLowerInvariant())]);
        return option;
    }
}

/// <summary>Options that take a number within bounds; what is none, or beyond them, is bad usage that names option and value.</summary>
internal static class BoundedNumber
{
    /// <summary>An option of a type of number.</summary>
    /// <param name="name">The option's name, with its hyphens.</param>
    /// <param name="description">What it says.</param>
    /// <param name="expected">What would be right, for people.</param>
    /// <param name="helpName">What stands for the number in the help.</param>
    /// <param name="style">How it may be written.</param>
    /// <param name="least">The least number that is taken.</param>
    /// <param name="most">The greatest.</param>
    public static Option<T?> Option<T>(string name, string description, string expected, string helpName, NumberStyles style, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            // The library's own conversion says nothing of what would be right, and reading its failed result throws.
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                    return number;
                result.AddError($"{name} is '{text}'; expected {expected}");
                return null;
            },
        };
}

/// <summary>Options that take a whole number.</summary>
internal static class WholeNumber
{
    /// <summary>An option that takes a whole number within bounds.</summary>
    public static Option<int?> Option(string name, string description, string expected, int least, int most = int.MaxValue) =>
        BoundedNumber.Option(name, description, expected, "N", NumberStyles.AllowLeadingSign, least, most);
}

/// <summary>Options that take a number with decimals.</summary>
internal static class Fraction
{
    /// <summary>An option that takes a number with decimals; its bounds are looked at by what it is for.</summary>
    public static Option<double?> Option(string name, string description, string expected) =>
        BoundedNumber.Option(name, description, expected, "X", NumberStyles.Float, double.MinValue, double.MaxValue);
}

/// <summary>What the help of every configured command says of the configuration. The options are taken out of the arguments before the commands see them, so these are for the help and for completion alone.</summary>
internal static class ConfigurationHelp
{
    /// <summary>Adds them to a command and what is below it.</summary>
    public static Command AddTo(Command command)
    {
        command.Add(new Option<string?>("--config") { Description = "The configuration file [default: appsettings.json in the working folder]", HelpName = "FILE", Recursive = true });
        command.Add(new Option<string?>("--EventCalls:KEY") { Description = "Sets a key of the configuration, such as --EventCalls:Node=edge-1; 'eventcalls config' lists the keys", HelpName = "VALUE", Recursive = true });
        return command;
    }
}

/// <summary>Options that take a time.</summary>
internal static class TimeOption
{
    /// <summary>An option that takes a time.</summary>
    public static Option<DateTimeOffset?> Of(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (UtcTime.TryParse(result.Tokens[0].Value, out var time))
                return time;
            result.AddError($"{name} is '{result.Tokens[0].Value}'; expected a date or a time in UTC such as 2026-01-31 or 2026-01-31T13:00:00Z");
            return null;
        },
    };

    /// <summary>Refuses times between which no call can lie: whoever mixed them up is not to be told that all is well.</summary>
    public static void MustFollow(Command command, Option<DateTimeOffset?> from, Option<DateTimeOffset?> to) => command.Validators.Add(result =>
    {
        if (Given(result, from) is var (begin, began) && Given(result, to) is var (end, ended) && end <= begin)
            result.AddError($"{to.Name} is '{ended}', which is not after {from.Name} '{began}'; no call lies between them");
    });

    // What could not be read has been said, and asking for its value throws.
    private static (DateTimeOffset Time, string Text)? Given(SymbolResult result, Option option) =>
        result.GetResult(option) is { Tokens: [var token, ..] } && UtcTime.TryParse(token.Value, out var time) ? (time, token.Value) : null;
}

/// <summary>The option <c>--note</c>.</summary>
internal static class NoteOption
{
    public static Option<string?> Create() => new("--note") { Description = "What you say to it.", HelpName = "TEXT" };
}
