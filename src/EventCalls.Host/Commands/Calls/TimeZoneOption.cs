using System.CommandLine;

namespace EventCalls.Host.Commands.Calls;

/// <summary>The option <c>--time-zone</c> of commands that show times.</summary>
internal static class TimeZoneOption
{
    public static Option<string?> AddTo(Command command, string description)
    {
        var option = new Option<string?>("--time-zone") { Description = description, HelpName = "ZONE" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && !TimeZoneInfo.TryFindSystemTimeZoneById(given.Value, out _))
                result.AddError($"--time-zone is '{given.Value}'; expected a zone of the time zone database, such as Europe/Berlin or UTC");
        });
        command.Add(option);
        return option;
    }

    /// <summary>The zone that was asked for, or UTC.</summary>
    public static TimeZoneInfo Zone(ParseResult result, Option<string?> option) =>
        result.GetValue(option) is { } id && !id.Equals("UTC", StringComparison.OrdinalIgnoreCase) ? TimeZoneInfo.FindSystemTimeZoneById(id) : TimeZoneInfo.Utc;
}
