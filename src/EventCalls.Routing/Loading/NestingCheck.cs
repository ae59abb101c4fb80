using EventCalls.Contracts;
using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading;

/// <summary>Refuses sources nested so deeply that the C# compiler itself would overflow the stack, and with it end the process.</summary>
internal static class NestingCheck
{
    private const int MaxDepth = 100;
    private const int MaxTreeDepth = 500;

    /// <summary>The diagnostic for the first place that is too deep; null when none is.</summary>
    /// <remarks>Brackets in strings and comments count too; nothing that people write comes near the limit.</remarks>
    public static LogicDiagnostic? Find(LogicSource source)
    {
        int depth = 0, angles = 0, line = 1;
        foreach (char c in source.Text)
        {
            switch (c)
            {
                case '\n':
                    line++;
                    break;
                case '(' or '[' or '{':
                    depth++;
                    angles = c == '{' ? 0 : angles;
                    break;
                case ')' or ']' or '}':
                    depth = Math.Max(0, depth - 1);
                    angles = c == '}' ? 0 : angles;
                    break;
                case '<':
                    angles++;
                    break;
                case '>':
                    angles = Math.Max(0, angles - 1);
                    break;
                case ';':
                    angles = 0;
                    break;
            }

            if (depth > MaxDepth || angles > MaxDepth)
                return new LogicDiagnostic(source.Path, line, 1, "EC0008", $"The source is nested more than {MaxDepth} deep here.");
        }

        return null;
    }

    /// <summary>The diagnostic for the first place of a parsed source that is too deep: operators, statements and lambdas nest without brackets.</summary>
    public static LogicDiagnostic? Find(SyntaxTree tree)
    {
        var open = new Stack<(SyntaxNode Node, int Depth)>();
        open.Push((tree.GetRoot(), 0));
        while (open.TryPop(out var next))
        {
            if (next.Depth > MaxTreeDepth)
                return LogicDiagnostics.At(next.Node.GetLocation(), "EC0008", $"The source is nested more than {MaxTreeDepth} deep here.");
            foreach (var child in next.Node.ChildNodes())
                open.Push((child, next.Depth + 1));
        }

        return null;
    }
}
