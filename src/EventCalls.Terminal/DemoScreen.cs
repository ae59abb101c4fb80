using System.Globalization;
using System.Net;
using EventCalls.Contracts;
using EventCalls.Simulation.Live;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>The demo as people see it: what is running, each call when it ends, and the summary.</summary>
public sealed class DemoScreen
{
    private static readonly Style s_bold = new(decoration: Decoration.Bold);

    private readonly IAnsiConsole _console;
    private readonly CallLine _line;

    /// <param name="console">Where people read it.</param>
    public DemoScreen(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        _console = console;
        _line = new CallLine(console.Profile.Width >= CallLine.WideColumns);
    }

    /// <summary>What is about to run.</summary>
    public void Starting(int calls) => _console.WriteLine(
        ("EventCalls demo", s_bold),
        ($": {(calls == 1 ? "1 call" : $"{calls} calls")} over SIP on loopback, all in this process.", Style.Plain));

    /// <summary>What is running where.</summary>
    public void Running(IPEndPoint trunk, IPEndPoint node, IPEndPoint target, string logic, string store, Uri? console)
    {
        Line("");
        Line($"  trunk   udp {trunk,-16} a simulated carrier's SBC that calls in");
        Line($"  node    udp {node,-16} ingress, router and recorder; bus in memory");
        Line($"  target  udp {target,-16} simulated telephones behind the endpoint pstn");
        Line($"  logic   {logic}");
        Line($"  store   {store}");
        if (console is not null)
            Line($"  console {console}");
        Line("");
        _line.WriteHeading(_console);
    }

    /// <summary>A call has ended.</summary>
    public void Ended(CallStory story) => _line.Write(_console, story);

    /// <summary>What it all came to.</summary>
    /// <param name="result">What the calls came to.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="next">Commands to try next, each over as many lines as it needs.</param>
    public void Summary(DemoResult result, TimeSpan took, IReadOnlyList<string> next)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(next);
        Line("");
        Tables(result);
        Line("");
        _console.WriteLine(
            ($"{result.AsExpected} of {result.Calls} calls as expected", new Style(result.IsAsExpected ? Color.Green : Color.Red, decoration: Decoration.Bold)),
            (string.Create(CultureInfo.InvariantCulture, $", judged by their stored events; {result.Ended} ended; took {took.TotalSeconds:0.0} s"), Style.Plain));
        Line("");
        Line($"  store   {result.Store}");
        Line($"  logic   {LogicVersionName.Short(result.LogicVersion)}");
        Line("");
        Line("Try next:");
        foreach (string command in next)
        {
            Line("");
            foreach (string line in command.Split('\n'))
                Line($"  {line}");
        }
    }

    /// <summary>What there is to open, while the demo stays.</summary>
    public void Staying(DemoResult result, Uri console)
    {
        ArgumentNullException.ThrowIfNull(result);
        Line("");
        Line("Open, until Ctrl+C ends it:");
        Line("");
        if (result.Telling is { } call)
            Line($"  one call    {console}calls/{call}");
        Line($"  live        {console}");
        Line($"  search      {console}calls");
        Line($"  statistics  {console}statistics");
        Line($"  logic       {console}logic");
        Line($"  the API     {console}openapi/v1.json");
        Line("");
        Line("Somebody calls every few seconds; whoever is connected can be handed over from its page.");
    }

    /// <summary>What the demo can do besides.</summary>
    public void ToStay()
    {
        Line("");
        Line("With --stay it serves pages of these calls, live ones too, and the HTTP API.");
    }

    private void Line(string text) => _console.WriteLine((text, Style.Plain));

    private void Tables(DemoResult result)
    {
        const int Name = 16, Count = 7, Gap = 6;
        var outcomes = result.Outcomes.Select(o => $"{WireName.Of(o.Key),-Name}{o.Value,Count}").ToList();
        var flows = result.Flows.Select(f => $"{f.Key,-Name}{f.Value,Count}").ToList();
        _console.WriteLine(($"{"outcome",-Name}{"calls",Count}{new string(' ', Gap)}{"flow",-Name}{"calls",Count}", s_bold));
        for (int i = 0; i < Math.Max(outcomes.Count, flows.Count); i++)
        {
            string left = i < outcomes.Count ? outcomes[i] : new string(' ', Name + Count);
            string right = i < flows.Count ? flows[i] : "";
            Line($"{left}{new string(' ', Gap)}{right}".TrimEnd());
        }
    }
}
