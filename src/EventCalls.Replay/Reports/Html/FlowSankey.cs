using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Html;

/// <summary>Draws the calls that move to another flow: old flows at the left, new ones at the right, bands as wide as there are calls.</summary>
internal sealed class FlowSankey
{
    private const int MostFlows = 12;
    private const int Colours = 6;
    private const int MostLetters = 26;
    private const string Others = "(other flows)";

    private const double LeftEdge = 250;
    private const double RightEdge = 650;
    private const double NodeWidth = 10;
    private const double Gap = 12;
    private const double LeastNode = 16;

    private readonly List<Move> _moves;
    private readonly List<string> _left;
    private readonly List<string> _right;

    /// <param name="moves">Moves; those to the same flow are left out.</param>
    public FlowSankey(IEnumerable<Move> moves)
    {
        var away = moves.Where(m => m.From != m.To).ToList();
        var (from, to) = (Largest(away, m => m.From), Largest(away, m => m.To));
        _moves = [.. away
            .GroupBy(m => (From: from.Contains(m.From) ? m.From : Others, To: to.Contains(m.To) ? m.To : Others))
            .Select(g => new Move(g.Key.From, g.Key.To, g.Sum(m => m.Calls)))];
        _left = Ordered(m => m.From);
        _right = Ordered(m => m.To);
    }

    /// <summary>Whether there is anything to draw.</summary>
    public bool IsEmpty => _moves.Count == 0;

    public void Write(HtmlWriter page)
    {
        double calls = _moves.Sum(m => m.Calls);
        double scale = Math.Clamp(26.0 * Math.Max(_left.Count, _right.Count), 90, 360) / calls;
        var left = Nodes(_left, m => m.From, scale);
        var right = Nodes(_right, m => m.To, scale);
        double height = Math.Max(left.Values.Max(n => n.Top + n.Height), right.Values.Max(n => n.Top + n.Height)) + 4;
        page.Line($"<svg class=\"sankey\" viewBox=\"0 0 900 {height}\" role=\"img\" aria-labelledby=\"sankey-title sankey-desc\">");
        page.Line($"<title id=\"sankey-title\">Calls that move to another flow</title>");
        page.Line($"<desc id=\"sankey-desc\">{string.Join("; ", _moves.OrderByDescending(m => m.Calls).Select(m => $"{m.From} to {m.To}: {ReportWords.Number(m.Calls)}"))}</desc>");
        var (leftUsed, rightUsed) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        foreach (var move in _moves.OrderBy(m => _left.IndexOf(m.From)).ThenBy(m => _right.IndexOf(m.To)))
            Band(page, move, left[move.From], right[move.To], scale, leftUsed, rightUsed);
        foreach (var (name, node) in left)
            Node(page, name, node, LeftEdge - NodeWidth, LeftEdge - NodeWidth - 8, "end");
        foreach (var (name, node) in right)
            Node(page, name, node, RightEdge, RightEdge + NodeWidth + 8, "start");
        page.Line($"</svg>");
    }

    private void Band(HtmlWriter page, Move move, Box from, Box to, double scale, Dictionary<string, double> leftUsed, Dictionary<string, double> rightUsed)
    {
        double width = Math.Max(1.5, move.Calls * scale);
        double y1 = from.Top + leftUsed.GetValueOrDefault(move.From);
        double y2 = to.Top + rightUsed.GetValueOrDefault(move.To);
        leftUsed[move.From] = y1 + move.Calls * scale - from.Top;
        rightUsed[move.To] = y2 + move.Calls * scale - to.Top;
        const double Middle = (LeftEdge + RightEdge) / 2;
        page.Line(
            $"<path class=\"band c{_left.IndexOf(move.From) % Colours}\" d=\"M{LeftEdge} {y1}C{Middle} {y1} {Middle} {y2} {RightEdge} {y2}V{y2 + width}C{Middle} {y2 + width} {Middle} {y1 + width} {LeftEdge} {y1 + width}Z\"><title>{move.From} → {move.To}: {ReportWords.Calls(move.Calls)}</title></path>");
    }

    private static void Node(HtmlWriter page, string name, Box node, double x, double textX, string anchor)
    {
        var label = name.Length <= MostLetters ? name : name[..(MostLetters - 1)] + "…";
        page.Line($"<rect class=\"node\" x=\"{x}\" y=\"{node.Top}\" width=\"{NodeWidth}\" height=\"{node.Bar}\"/>");
        page.Line($"<text x=\"{textX}\" y=\"{node.Top + Math.Max(node.Bar, LeastNode) / 2 + 4.5}\" text-anchor=\"{anchor}\"><title>{name}</title>{label} <tspan class=\"count\">{node.Calls}</tspan></text>");
    }

    private Dictionary<string, Box> Nodes(List<string> names, Func<Move, string> side, double scale)
    {
        var nodes = new Dictionary<string, Box>();
        double y = 2;
        foreach (var name in names)
        {
            long calls = _moves.Where(m => side(m) == name).Sum(m => m.Calls);
            double bar = Math.Max(1.5, calls * scale);
            double height = Math.Max(LeastNode, bar);
            nodes[name] = new Box(y, height, bar, calls);
            y += height + Gap;
        }
        return nodes;
    }

    private static HashSet<string> Largest(List<Move> moves, Func<Move, string> side)
    {
        var ordered = moves.GroupBy(side).OrderByDescending(g => g.Sum(m => m.Calls)).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
        return [.. ordered.Count <= MostFlows ? ordered : ordered.Take(MostFlows - 1)];
    }

    private List<string> Ordered(Func<Move, string> side) =>
        [.. _moves.GroupBy(side).OrderBy(g => g.Key == Others).ThenByDescending(g => g.Sum(m => m.Calls)).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];

    private sealed record Box(double Top, double Height, double Bar, long Calls);
}
