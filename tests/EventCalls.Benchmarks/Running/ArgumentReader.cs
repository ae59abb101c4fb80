using System.Globalization;

namespace EventCalls.Benchmarks.Running;

/// <summary>A command's arguments, read one after the other; what cannot be read is a <see cref="FormatException"/> that names it.</summary>
internal sealed class ArgumentReader(IReadOnlyList<string> args)
{
    private int _at = -1;

    /// <summary>The option that is read.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Goes on to the next option; false when there is none.</summary>
    public bool Next()
    {
        if (++_at >= args.Count)
            return false;
        Name = args[_at];
        return true;
    }

    /// <summary>The option's value.</summary>
    public string Value() => ++_at < args.Count ? args[_at] : throw new FormatException($"{Name} has no value.");

    /// <summary>The option's value, a whole number of at least so much.</summary>
    public int Number(int least) =>
        int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new FormatException($"{Name} {args[_at]}: expected a whole number, {least} or more.");

    /// <summary>The option's value, a number in a range.</summary>
    public double Number(double least, double most) =>
        double.TryParse(Value(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{Name} {args[_at]}: expected a number from {least} to {most}."));

    /// <summary>True when the option's value is the only word it knows.</summary>
    public bool Only(string word, string otherwise) =>
        Value() == word ? true : throw new FormatException($"{Name} knows {word} only; leave it out for {otherwise}.");

    /// <summary>The option's value, one of the words it knows.</summary>
    public string OneOf(params string[] words) =>
        words.Contains(Value()) ? args[_at] : throw new FormatException($"{Name} {args[_at]}: expected {string.Join(", ", words[..^1])} or {words[^1]}.");

    /// <summary>All arguments that follow.</summary>
    public IReadOnlyList<string> Rest()
    {
        var rest = args.Skip(_at + 1).ToList();
        _at = args.Count;
        return rest;
    }

    /// <summary>Nobody knows this option.</summary>
    public FormatException Unknown() => new($"{Name} is unknown.");
}
