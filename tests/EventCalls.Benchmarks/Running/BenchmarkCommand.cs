namespace EventCalls.Benchmarks.Running;

/// <summary>How a command of this program begins and ends.</summary>
internal static class BenchmarkCommand
{
    /// <summary>Reads the arguments, or says what is wrong with them and how the command is called; the exit code is then 2.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="parse">Reads them; throws <see cref="FormatException"/>.</param>
    /// <param name="usage">How the command is called.</param>
    /// <param name="run">Runs it in a folder that goes with the run; its exit code.</param>
    public static async Task<int> RunAsync<T>(IReadOnlyList<string> args, Func<IReadOnlyList<string>, T> parse, string usage, Func<T, string, Task<int>> run)
    {
        T options;
        try
        {
            options = parse(args);
        }
        catch (FormatException e)
        {
            await System.Console.Error.WriteLineAsync($"{e.Message}\n{usage}");
            return 2;
        }
        var folder = Directory.CreateTempSubdirectory("eventcalls-measured-").FullName;
        try
        {
            return await run(options, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes a line of figures, whatever the machine's language.</summary>
    public static void Line(FormattableString text) => System.Console.WriteLine(FormattableString.Invariant(text));
}
