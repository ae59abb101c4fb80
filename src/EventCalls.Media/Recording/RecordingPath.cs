using System.Globalization;
using System.Text;

namespace EventCalls.Media.Recording;

/// <summary>
/// A pattern for the paths of recordings within their folder: <c>{date:yyyy/MM/dd}/{call}</c>, with <c>{caller}</c>, <c>{callee}</c>, <c>{trunk}</c> and
/// <c>{flow}</c>. What is put in becomes one part of a path: letters, digits, and a few signs; all else an underscore.
/// </summary>
internal sealed class RecordingPath
{
    /// <summary>The pattern where none is configured.</summary>
    public const string Default = "{date:yyyy/MM/dd}/{call}.wav";

    // As long as names of files may be is 255 bytes; a number or a counter and an ending come behind.
    private const int MostOfAValue = 100;
    private const int MostOfAPart = 200;

    private static readonly string[] s_endings = [".wav", ".opus", ".ogg"];
    private static readonly string[] s_names = ["call", "caller", "callee", "trunk", "flow"];

    private readonly List<Part> _parts;

    private RecordingPath(List<Part> parts) => _parts = parts;

    /// <summary>Reads a pattern; null and an error that says what to do when it is none.</summary>
    public static RecordingPath? TryParse(string pattern, out string? error)
    {
        var parts = new List<Part>();
        error = null;
        string rest = s_endings.FirstOrDefault(e => pattern.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is { } ending ? pattern[..^ending.Length] : pattern;
        bool unique = false;
        while (rest.Length > 0)
        {
            int open = rest.IndexOf('{', StringComparison.Ordinal);
            string text = open < 0 ? rest : rest[..open];
            if (text.Contains('}', StringComparison.Ordinal))
                error = "has a '}' without a '{'";
            else if (text.Contains("..", StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal) || text.Any(char.IsControl))
                error = "may not hold '..', '\\' or control characters";
            if (text.Length > 0)
                parts.Add(new Part(text, null, null));
            int close = rest.IndexOf('}', Math.Max(open, 0));
            if (open >= 0 && close < open)
                error = "has a '{' without a '}'";
            if (error is not null || open < 0)
                break;
            string[] field = rest[(open + 1)..close].Split(':', 2);
            string? format = field.Length > 1 ? field[1] : null;
            if (field[0] == "date")
                error = DateError(format ??= "yyyy-MM-dd");
            else if (!s_names.Contains(field[0]) || format is not null)
                error = $"names '{{{rest[(open + 1)..close]}}}': there are {{date:…}}, {string.Join(", ", s_names.Select(n => $"{{{n}}}"))}";
            unique |= field[0] == "call";
            parts.Add(new Part("", field[0], format));
            rest = rest[(close + 1)..];
        }
        if (error is null && pattern.StartsWith('/'))
            error = "begins with '/': it is a path within the folder of recordings";
        if (error is null && !unique)
            error = "has no {call}: recordings of different calls would have one name";
        return error is null ? new RecordingPath(parts) : null;
    }

    /// <summary>The path of a recording within a folder, without an ending; it never leads out of the folder.</summary>
    public string Resolve(string folder, RecordingDetails details)
    {
        var path = new StringBuilder();
        foreach (var part in _parts)
        {
            path.Append(part.Name switch
            {
                null => part.Text,
                "date" => details.StartedAt.ToString(part.Format, CultureInfo.InvariantCulture),
                "call" => Safe(details.Call),
                "caller" => Safe(details.Caller),
                "callee" => Safe(details.Callee),
                "trunk" => Safe(details.Trunk),
                _ => Safe(details.Flow),
            });
        }
        string[] names = [.. path.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('.', ' ')).Where(name => name.Length > 0)
            .Select(name => name.Length > MostOfAPart ? name[..MostOfAPart] : name)];
        string root = Path.GetFullPath(folder);
        string full = Path.GetFullPath(Path.Combine([root, .. names]));
        // Nothing of what is above lets this happen.
        return full.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new InvalidOperationException($"The path '{full}' leads out of '{root}'.");
    }

    /// <summary>A value as a part of a path.</summary>
    public static string Safe(string value)
    {
        var safe = new StringBuilder();
        foreach (char c in value.Length > MostOfAValue ? value.AsSpan(0, MostOfAValue) : value)
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '@' || c == '.' && safe.Length > 0 && safe[^1] != '.' ? c : '_');
        return safe.Length == 0 ? "unknown" : safe.ToString();
    }

    // What a format gives is put in as it is: only what cannot but be digits and separators.
    private static string? DateError(string format) =>
        format.Length > 0 && format.All(c => "yMdHms/-_".Contains(c, StringComparison.Ordinal)) && format.Replace("/", "", StringComparison.Ordinal).Length > 1
            ? null
            : "has a {date:…} of something else than y, M, d, H, m, s, '/', '-' and '_'";

    private sealed record Part(string Text, string? Name, string? Format);
}
