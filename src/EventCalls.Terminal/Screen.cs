using EventCalls.Contracts;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>What people read: with colours and as wide as it is on a terminal, plain and of one width everywhere else.</summary>
public static class Screen
{
    /// <summary>The width when nothing says how wide it is, columns.</summary>
    public const int DefaultWidth = 100;

    private const int LeastWidth = 60;

    /// <summary>A console that writes to the writer.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="width">How wide; null for as wide as the terminal is.</param>
    public static IAnsiConsole On(TextWriter writer, int? width = null)
    {
        writer = PlainWriter.Within(writer);
        bool isTerminal = ReferenceEquals(writer, System.Console.Out) && !System.Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
            // What surrounds the process (a build server's variables) must not turn colours on in a file.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Pipeline.Attach(new PlainSegments());
        console.Profile.Width = width ?? (isTerminal ? Math.Max(LeastWidth, System.Console.WindowWidth) : DefaultWidth);
        return console;
    }

    /// <summary>Writes a label and its text, which goes on below itself when it is long.</summary>
    public static void WriteLabelled(this IAnsiConsole console, string label, int labelWidth, string text)
    {
        foreach (var line in TextLayout.Wrap(PlainText.Of(text), console.Profile.Width - labelWidth, 2))
        {
            console.WriteLine((label.PadRight(labelWidth), new Style(decoration: Decoration.Bold)), (line, Style.Plain));
            label = "";
        }
    }

    /// <summary>Writes pieces of one line, and ends it; the line is not wrapped.</summary>
    public static void WriteLine(this IAnsiConsole console, params ReadOnlySpan<(string Text, Style Style)> pieces)
    {
        foreach (var (text, style) in pieces)
        {
            if (text.Length > 0)
                console.Write(new Unwrapped(text, style));
        }
        console.Write(new Unwrapped("\n", Style.Plain));
    }
}
