using System.CommandLine;
using System.Globalization;

namespace EventCalls.Host.Commands;

/// <summary>Options that take a whole number.</summary>
internal static class WholeNumber
{
    /// <summary>An option that takes a number within bounds; what is none, or beyond them, is bad usage that names option and value.</summary>
    /// <param name="name">The option's name, with its hyphens.</param>
    /// <param name="description">What it says.</param>
    /// <param name="expected">What would be right, for people.</param>
    /// <param name="least">The least number that is taken.</param>
    /// <param name="most">The greatest.</param>
    public static Option<int?> Option(string name, string description, string expected, int least, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        // The library's own conversion says nothing of what would be right, and reading its failed result throws.
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
                return number;
            result.AddError($"{name} is '{text}'; expected {expected}");
            return null;
        },
    };
}
