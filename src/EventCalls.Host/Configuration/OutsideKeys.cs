using EventCalls.Contracts;

namespace EventCalls.Host.Configuration;

/// <summary>What the file and the environment hold beside the section: keys that were meant for it and would be passed over in silence.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="FileKeys">The paths in the file, from its top.</param>
/// <param name="Variables">The names of all environment variables.</param>
internal sealed record OutsideKeys(string File, IReadOnlyList<string> FileKeys, IReadOnlyList<string> Variables)
{
    private const string Section = KeyReader.Section;

    /// <summary>Adds one error for each part that stands in the wrong place.</summary>
    public void Report(List<string> errors)
    {
        errors.AddRange(OfFile());
        errors.AddRange(OfEnvironment());
    }

    // The file is ours as a whole: whatever else stands in it does nothing.
    private IEnumerable<string> OfFile()
    {
        var outside = FileKeys.Where(k => !IsBelow(k, Section) && !k.StartsWith('$')).ToList();
        if (outside.Count == 0)
            yield break;
        var known = SettingsReading.Known(outside);
        foreach (var part in outside.GroupBy(Top, StringComparer.OrdinalIgnoreCase))
        {
            string path = part.First();
            yield return part.Any(known.Contains) ? $"{File}: {path} stands outside the section {Section} and is not read; write it as {Section}:{path}, that is {{ \"{Section}\": {{ \"{Top(path)}\": … }} }}"
                : Spelling.Nearest(part.Key, [Section]) is not null ? $"{File}: {part.Key} is not a section of this program; did you mean {Section}?"
                : $"{File}: {path} stands outside the section {Section} and is not read; leave it out{(part.Key.Equals("Logging", StringComparison.OrdinalIgnoreCase) ? $", and say what is logged with {Section}:Log:Level" : "")}";
        }
    }

    // The environment belongs to others too: only what is exactly a key of ours, but for the section or the underscores, was meant for us.
    private IEnumerable<string> OfEnvironment()
    {
        var meant = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in Variables)
        {
            string path = name.Replace("__", ":", StringComparison.Ordinal);
            if (IsBelow(path, Section))
                continue;
            if (name.StartsWith(Section + "_", StringComparison.OrdinalIgnoreCase))
                meant[name] = path[(Section.Length + 1)..].Replace('_', ':').TrimStart(':');
            else if (path.Contains(':'))
                meant[name] = path;
        }
        var known = SettingsReading.Known(meant.Values);
        foreach (var (name, path) in meant)
        {
            if (known.Contains(path))
                yield return $"the environment variable {name} is not read; write it as {Section}__{path.Replace(":", "__", StringComparison.Ordinal)}";
        }
    }

    private static string Top(string path) => path.Split(':')[0];

    private static bool IsBelow(string path, string section) =>
        path.Equals(section, StringComparison.OrdinalIgnoreCase) || path.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase);
}
