using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Html;

/// <summary>Draws rates with their intervals on an axis from 0 to 100 %: measured before as a ring, expected as a diamond.</summary>
internal static class IntervalChart
{
    private const double Left = 110;
    private const double Right = 600;
    private const double RowHeight = 46;
    private const double Top = 22;

    public static void Write(HtmlWriter page, WhatIf whatIf)
    {
        var rows = ReportWords.Rows(whatIf.Predicted ?? whatIf.Expected, whatIf.BeforeRates).Where(r => r.Expected is { High: > 0, Value: > 0 } || r.Before is { Value: > 0 }).ToList();
        double height = Top + rows.Count * RowHeight + 8;
        page.Line($"<svg class=\"intervals\" viewBox=\"0 0 900 {height}\" role=\"img\" aria-labelledby=\"intervals-title\">");
        page.Line($"<title id=\"intervals-title\">{string.Join("; ", rows.Select(r => $"{r.Name}: before {Words(r.Before)}, expected {Words(r.Expected)}"))}</title>");
        for (int percent = 0; percent <= 100; percent += 25)
        {
            double x = X(percent / 100.0);
            page.Line($"<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"{Top - 4}\" y2=\"{height - 4}\"/><text class=\"axis\" x=\"{x}\" y=\"13\" text-anchor=\"middle\">{percent} %</text>");
        }
        for (int i = 0; i < rows.Count; i++)
        {
            double y = Top + i * RowHeight;
            page.Line($"<text class=\"label\" x=\"{Left - 12}\" y=\"{y + 27}\" text-anchor=\"end\">{rows[i].Name}</text>");
            Before(page, rows[i].Before, y + 14);
            Expected(page, rows[i].Expected, y + 32);
        }
        page.Line($"</svg>");
    }

    /// <summary>Draws one rate small, for a table.</summary>
    public static void WriteSmall(HtmlWriter page, Estimate rate)
    {
        double Place(double fraction) => 4 + 112 * fraction;
        page.Write($"<svg class=\"spark\" viewBox=\"0 0 120 16\" aria-hidden=\"true\"><line class=\"grid\" x1=\"4\" x2=\"116\" y1=\"8\" y2=\"8\"/>");
        page.Write($"<line class=\"range-now\" x1=\"{Place(rate.Low)}\" x2=\"{Place(rate.High)}\" y1=\"8\" y2=\"8\"/>");
        double x = Place(rate.Value);
        page.Write($"<path class=\"mark-now\" d=\"M{x} 3l5 5l-5 5l-5 -5Z\"/></svg>");
    }

    private static void Before(HtmlWriter page, Estimate? rate, double y)
    {
        if (rate is null)
            return;
        page.Line($"<line class=\"range-was\" x1=\"{X(rate.Low)}\" x2=\"{X(rate.High)}\" y1=\"{y}\" y2=\"{y}\"/><circle class=\"mark-was\" cx=\"{X(rate.Value)}\" cy=\"{y}\" r=\"5\"/>");
        page.Line($"<text class=\"value\" x=\"{Right + 24}\" y=\"{y + 4.5}\">before {ReportWords.Rate(rate)}</text>");
    }

    private static void Expected(HtmlWriter page, Estimate? rate, double y)
    {
        if (rate is null)
            return;
        double x = X(rate.Value);
        page.Line($"<line class=\"range-now\" x1=\"{X(rate.Low)}\" x2=\"{X(rate.High)}\" y1=\"{y}\" y2=\"{y}\"/><path class=\"mark-now\" d=\"M{x} {y - 6.5}l6.5 6.5l-6.5 6.5l-6.5 -6.5Z\"/>");
        page.Line($"<text class=\"value now\" x=\"{Right + 24}\" y=\"{y + 4.5}\">expected {ReportWords.Rate(rate)}</text>");
    }

    private static double X(double fraction) => Left + (Right - Left) * fraction;

    private static string Words(Estimate? rate) => rate is null ? "not known" : ReportWords.Rate(rate);
}
