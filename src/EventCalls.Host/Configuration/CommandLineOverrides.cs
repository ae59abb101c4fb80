namespace EventCalls.Host.Configuration;

/// <summary>What the command line says about the configuration, taken out before the commands see it.</summary>
/// <param name="Values">Each <c>Key=value</c>, the key beginning with <c>EventCalls:</c>.</param>
/// <param name="ConfigFile">The file given by <c>--config</c>; null for <c>appsettings.json</c> in the working folder.</param>
internal sealed record CommandLineOverrides(IReadOnlyList<KeyValuePair<string, string?>> Values, string? ConfigFile)
{
    private const string Prefix = "--EventCalls:";

    /// <summary>Splits the arguments: <c>--EventCalls:Key=value</c>, <c>--EventCalls:Key value</c> and <c>--config FILE</c> are ours, the rest is the commands'.</summary>
    /// <exception cref="SettingsException">A value is missing.</exception>
    public static CommandLineOverrides Take(IReadOnlyList<string> args, out string[] rest)
    {
        var values = new List<KeyValuePair<string, string?>>();
        var others = new List<string>();
        string? file = null;
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            if (arg.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                int equals = arg.IndexOf('=');
                string key = equals < 0 ? arg[2..] : arg[2..equals];
                string? value = equals < 0 ? Next(args, ref i) : arg[(equals + 1)..];
                values.Add(new(key, value ?? throw Missing(arg, $"write {arg}=VALUE")));
            }
            else if (arg == "--config")
            {
                file = Next(args, ref i) ?? throw Missing(arg, "write --config FILE");
            }
            else if (arg.StartsWith("--config=", StringComparison.Ordinal))
            {
                file = arg["--config=".Length..];
            }
            else
            {
                others.Add(arg);
            }
        }
        rest = [.. others];
        return new CommandLineOverrides(values, file);
    }

    private static string? Next(IReadOnlyList<string> args, ref int i) => i + 1 < args.Count ? args[++i] : null;

    private static SettingsException Missing(string arg, string advice) => new([$"{arg} has no value; {advice}"]);
}
