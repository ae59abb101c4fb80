using System.Net;
using Spectre.Console;

namespace EventCalls.Host.Demo;

/// <summary>The demo as people see it: what is running, each call when it ends, and the summary.</summary>
internal sealed class DemoScreen
{
    private const int ColumnsWhenRedirected = 100;
    private const int MostNamed = 20;

    private readonly IAnsiConsole _console;
    private readonly TextWriter _out;
    private readonly CallLine _line;

    /// <param name="output">Where it goes; colours and the width are those of the terminal, if it is one.</param>
    /// <param name="zone">Whose clock the times are of.</param>
    public DemoScreen(TextWriter output, TimeZoneInfo zone)
    {
        _out = output;
        var terminal = new AnsiConsoleOutput(output);
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = terminal, Ansi = terminal.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No });
        int columns = terminal.IsTerminal ? terminal.Width : ColumnsWhenRedirected;
        _line = new CallLine(columns >= CallLine.WideColumns, zone);
        // Lines are made to fit; the console must not break them, nor paths that are to be copied.
        _console.Profile.Width = int.MaxValue;
    }

    /// <summary>What is about to run.</summary>
    public void Starting(int calls) => _console.MarkupLine($"[bold]EventCalls demo[/]: {calls} {(calls == 1 ? "call" : "calls")} over SIP on the loopback interface, all of it in this process.");

    /// <summary>What is running where.</summary>
    public void Running(IPEndPoint trunk, IPEndPoint node, IPEndPoint target, string logic, string store)
    {
        _out.WriteLine();
        _out.WriteLine($"  trunk   udp {trunk,-16} a simulated carrier's SBC that calls in");
        _out.WriteLine($"  node    udp {node,-16} ingress, router and recorder; bus in memory");
        _out.WriteLine($"  target  udp {target,-16} simulated telephones behind the outbound endpoint");
        _out.WriteLine($"  logic   {logic}");
        _out.WriteLine($"  store   {store}");
        _out.WriteLine();
        _console.MarkupLine($"[bold]{Markup.Escape(_line.Heading)}[/]");
    }

    /// <summary>A call has ended.</summary>
    public void Ended(CallStory story) => _console.MarkupLine(_line.Of(story));

    /// <summary>What it all came to.</summary>
    public void Summary(DemoResult result, TimeSpan took)
    {
        _out.WriteLine();
        Tables(result);
        _out.WriteLine();
        string colour = result.IsAsExpected ? "green" : "red";
        _console.MarkupLine($"[bold {colour}]{result.AsExpected} of {result.Calls} calls as expected[/], {result.Ended} ended, in {took.TotalSeconds:0.0} s. Checked against the stored events.");
        _out.WriteLine();
        _out.WriteLine($"  store   {result.Store}");
        _out.WriteLine($"  logic   {Short(result.LogicVersion)}");
        _out.WriteLine();
        _out.WriteLine("Try next:");
        foreach (string command in NextCommands.For(result))
        {
            _out.WriteLine();
            _out.WriteLine($"  {command}");
        }
    }

    /// <summary>Names the calls that went otherwise than expected, and how.</summary>
    public static void Complain(TextWriter error, DemoResult result)
    {
        foreach (var (call, differences) in result.Unexpected.Take(MostNamed))
        {
            error.WriteLine($"Call {call.Number} ({call.Scenario.Name}), SIP Call-ID {call.SipCallId ?? "none: it was not made"}:");
            foreach (string difference in differences)
                error.WriteLine($"  {difference}");
        }
        if (result.Unexpected.Count > MostNamed)
            error.WriteLine($"… and {result.Unexpected.Count - MostNamed} more.");
        if (result.Unplanned > 0)
            error.WriteLine($"The store has {result.Unplanned} calls that nobody made.");
    }

    /// <summary>A version of logic as people compare it.</summary>
    public static string Short(string version) => version.Length > 19 && version.StartsWith("sha256:", StringComparison.Ordinal) ? version[..19] : version;

    private void Tables(DemoResult result)
    {
        const int Name = 16, Count = 7, Gap = 6;
        var outcomes = result.Outcomes.Select(o => $"{StoredWord.Of(o.Key),-Name}{o.Value,Count}").ToList();
        var flows = result.Flows.Select(f => $"{f.Key,-Name}{f.Value,Count}").ToList();
        _console.MarkupLine($"[bold]{"outcome",-Name}{"calls",Count}{new string(' ', Gap)}{"flow",-Name}{"calls",Count}[/]");
        for (int i = 0; i < Math.Max(outcomes.Count, flows.Count); i++)
        {
            string left = i < outcomes.Count ? outcomes[i] : new string(' ', Name + Count);
            string right = i < flows.Count ? flows[i] : "";
            _out.WriteLine($"{left}{new string(' ', Gap)}{right}".TrimEnd());
        }
    }
}
