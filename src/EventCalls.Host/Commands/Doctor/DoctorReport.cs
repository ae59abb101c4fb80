using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Terminal;
using Spectre.Console;

namespace EventCalls.Host.Commands.Doctor;

/// <summary>Takes the findings: writes each as it comes for people, or all at the end as JSON, and knows the exit code.</summary>
internal sealed class DoctorReport(CommandContext context, bool asJson)
{
    private const int StatusWidth = 9;
    private const int CheckWidth = 15;

    private readonly List<Finding> _findings = [];
    private readonly IAnsiConsole _console = Screen.On(context.Out);

    /// <summary>Takes one.</summary>
    public void Add(Finding finding)
    {
        _findings.Add(finding);
        if (!asJson)
            Write(finding);
    }

    /// <summary>Takes several.</summary>
    public void AddAll(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
            Add(finding);
    }

    /// <summary>Ends the report and gives the exit code: what is wrongly configured goes before what is unreachable, and that before the rest.</summary>
    public int Finish()
    {
        if (asJson)
            new JsonLines(context.Out).Write(new DoctorObject(_findings), HostJson.Default.DoctorObject);
        return Found(FindingFault.Configuration) ? ExitCodes.BadUsage
            : Found(FindingFault.Unreachable) ? ExitCodes.Unreachable
            : Found(FindingFault.NotSo) ? ExitCodes.NotSo
            : ExitCodes.Done;

        bool Found(FindingFault fault) => _findings.Any(f => f.Fault == fault);
    }

    private void Write(Finding finding)
    {
        var style = finding.Status switch
        {
            FindingStatus.Ok => new Style(Color.Green),
            FindingStatus.Warning => new Style(Color.Yellow),
            _ => new Style(Color.Red),
        };
        string status = WireName.Of(finding.Status);
        string check = finding.Check;
        foreach (var text in new[] { finding.Message, finding.Advice })
        {
            if (text is null)
                continue;
            foreach (var line in TextLayout.Wrap(PlainText.Of(text), _console.Profile.Width - StatusWidth - CheckWidth, 0))
            {
                _console.WriteLine((status.PadRight(StatusWidth), style), (check.PadRight(CheckWidth), Style.Plain), (line, Style.Plain));
                status = check = "";
            }
        }
    }
}
