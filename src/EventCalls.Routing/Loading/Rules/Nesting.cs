using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Finds sources nested so deeply that the C# compiler itself would overflow the stack, and with it end the process.</summary>
internal static class Nesting
{
    private const int MaxDepth = 100;
    private const int MaxTreeDepth = 500;

    public const string RuleId = "EC0008";

    public static readonly string TooManyBrackets = $"The source is nested more than {MaxDepth} deep here.";
    public static readonly string TooDeep = $"The source is nested more than {MaxTreeDepth} deep here.";

    /// <summary>The first line, from 1, with more brackets open than are taken; null when there is none.</summary>
    /// <remarks>Brackets in strings and comments count too; nothing that people write comes near the limit.</remarks>
    public static int? LineOf(string text)
    {
        int depth = 0, angles = 0, line = 1;
        foreach (char c in text)
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
                return line;
        }

        return null;
    }

    /// <summary>The first place of a parsed source that is too deep, for operators, statements and lambdas nest without brackets; null when there is none.</summary>
    public static Location? PlaceIn(SyntaxTree tree)
    {
        var open = new Stack<(SyntaxNode Node, int Depth)>();
        open.Push((tree.GetRoot(), 0));
        while (open.Count > 0)
        {
            var (node, depth) = open.Pop();
            if (depth > MaxTreeDepth)
                return node.GetLocation();
            foreach (var child in node.ChildNodes())
                open.Push((child, depth + 1));
        }

        return null;
    }
}
