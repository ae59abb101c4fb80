using System.Globalization;
using System.Text;

namespace EventCalls.Simulation.Sipp;

/// <summary>A SIPp scenario, written from its beginning to its end.</summary>
internal sealed class SippScenario
{
    private readonly StringBuilder _xml = new();

    /// <summary>A scenario without steps.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="comment">What it does, for people.</param>
    public SippScenario(string name, string comment) =>
        _xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
            .Append("<!-- ").Append(comment.Replace("--", "- -", StringComparison.Ordinal)).Append(" -->\n")
            .Append("<scenario name=\"").Append(name).Append("\">\n");

    /// <summary>Sends a message; lines that are empty are left out but for those before the body.</summary>
    public void Send(IEnumerable<string> headers, IEnumerable<string>? body = null, bool isRepeated = false)
    {
        _xml.Append(isRepeated ? "  <send retrans=\"500\">\n" : "  <send>\n").Append("    <![CDATA[\n\n");
        foreach (var line in headers)
            _xml.Append("      ").Append(line).Append('\n');
        string[] lines = [.. body ?? []];
        _xml.Append("      Content-Length: ").Append(lines.Length == 0 ? "0" : "[len]").Append("\n\n");
        foreach (var line in lines)
            _xml.Append("      ").Append(line).Append('\n');
        _xml.Append(lines.Length == 0 ? "    ]]>\n  </send>\n\n" : "\n    ]]>\n  </send>\n\n");
    }

    /// <summary>Waits for a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="actions">What is taken from it, as SIPp's actions.</param>
    /// <param name="keepsRoute">Whether its routes and Contact are kept for requests of our own.</param>
    public void Receive(string method, IReadOnlyList<string>? actions = null, bool keepsRoute = false)
    {
        string route = keepsRoute ? " rrs=\"true\"" : "";
        if (actions is not { Count: > 0 })
        {
            Line($"<recv request=\"{method}\"{route}/>");
            return;
        }
        _xml.Append(CultureInfo.InvariantCulture, $"  <recv request=\"{method}\"{route}>\n    <action>\n");
        foreach (var action in actions)
            _xml.Append("      ").Append(action).Append('\n');
        _xml.Append("    </action>\n  </recv>\n\n");
    }

    /// <summary>Waits for a response.</summary>
    public void Receive(int status, bool isOptional = false, bool keepsRoute = false) =>
        Line(string.Create(CultureInfo.InvariantCulture, $"<recv response=\"{status}\"{(isOptional ? " optional=\"true\"" : "")}{(keepsRoute ? " rrs=\"true\"" : "")}/>"));

    /// <summary>Lets time pass; nothing when there is none.</summary>
    public void Pause(long milliseconds)
    {
        if (milliseconds > 0)
            Line(string.Create(CultureInfo.InvariantCulture, $"<pause milliseconds=\"{milliseconds}\"/>"));
    }

    /// <summary>A line of the scenario as it is.</summary>
    public void Line(string xml) => _xml.Append("  ").Append(xml).Append("\n\n");

    /// <summary>The whole scenario.</summary>
    public override string ToString() => _xml + "</scenario>\n";
}
