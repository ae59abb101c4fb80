using System.CommandLine;
using EventCalls.Host.Commands;
using EventCalls.Host.Configuration;

namespace EventCalls.Host.Tests.Commands;

/// <summary>Every option of every command is given what it cannot mean: the answer is a message and an exit code, never an exception.</summary>
public class NonsenseTests
{
    private static readonly string[] s_nonsense =
        ["", " ", "abc", "-1", "0", "1.5", "99999999999999999999", "=", ":", "{", "[]", "\u001b[31m", "a/b/c", "/", ".", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "*", "changed>"];

    public static TheoryData<string> Commands => [.. Leaves(Root(), []).Select(leaf => string.Join(' ', leaf.Path))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Nonsense_in_any_option_ends_with_a_message_and_a_code(string path)
    {
        await using var run = new CommandRun();
        var known = RecordedCalls.ReferredThenBridged();
        await run.StoreAsync(known);
        string table = Path.Combine(run.Folder, "cdr.csv");
        await File.WriteAllTextAsync(table, "started_at,caller\n2026-01-01T00:00:00Z,1\n");
        var command = Leaves(Root(), []).Single(leaf => string.Join(' ', leaf.Path) == path).Command;
        foreach (var option in command.Options.Where(o => o.Arity.MaximumNumberOfValues > 0 && o.ValueType != typeof(bool)))
        {
            bool isText = option.ValueType == typeof(string) || option.ValueType == typeof(string[]);
            foreach (string value in s_nonsense.Where(value => !isText || IsHarmless(path, value)))
            {
                if (path == "demo" && int.TryParse(value, out int possible) && (possible > 0 || option.Name == "--seed"))
                    continue;
                run.Forget();
                string[] others = [.. command.Options.Where(o => IsNeeded(path, o) && o != option).SelectMany(o => (string[])[o.Name, "1"])];
                string[] arguments = [.. command.Arguments.Select(a => a.Name switch { "ID" => known.Id.ToString(), "FILE" => table, _ => "." })];
                int code = await run.RunAsync([.. path.Split(' '), .. arguments, .. others, $"{option.Name}={value}"]);

                string what = $"{path} {option.Name}={value}: exit {code}\n{run.Error}";
                Assert.True(code is >= 0 and <= 3, what);
                Assert.True(code == 0 || run.Error.Trim().Length > 0 || run.Out.Trim().Length > 0, what);
                if (value == "abc" && !isText)
                {
                    Assert.True(code == ExitCodes.BadUsage, what);
                    Assert.Contains($"{option.Name} is 'abc'; ", run.Error, StringComparison.Ordinal);
                    Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Nonsense_in_any_argument_ends_with_a_message_and_a_code(string path)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred());
        var command = Leaves(Root(), []).Single(leaf => string.Join(' ', leaf.Path) == path).Command;
        if (command.Arguments.Count == 0)
            return;
        foreach (string value in s_nonsense.Where(value => value is not ("." or "/")))
        {
            run.Forget();
            string[] others = [.. command.Options.Where(o => IsNeeded(path, o)).SelectMany(o => (string[])[o.Name, "1"])];
            int code = await run.RunAsync([.. path.Split(' '), .. others, "--", value]);

            // A word that is looked for may be found, and a folder or file may be called anything but nothing.
            bool mayBeDone = command.Arguments[0].Arity.MinimumNumberOfValues == 0 || (path is "logic new" or "history export" && !string.IsNullOrWhiteSpace(value));
            Assert.True(code is 1 or 2 || (code == 0 && mayBeDone), $"{path} {value}: exit {code}");
            Assert.NotEmpty(run.Error.Trim() + run.Out.Trim());
        }
    }

    // A replay takes one of two.
    private static bool IsNeeded(string path, Option option) => option.Required || (path == "replay" && option.Name == "--logic");

    // What would begin a service.
    private static bool IsHarmless(string path, string value) => path != "run" || value is "abc" or "=" or "{" or "0";

    private static RootCommand Root() =>
        CommandLine.Create(new CommandContext(CommandLineOverrides.Take([], out _), Environment.CurrentDirectory, TextWriter.Null, TextWriter.Null, TimeProvider.System));

    private static IEnumerable<(string[] Path, Command Command)> Leaves(Command command, string[] path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(child => Leaves(child, [.. path, child.Name]));
}
