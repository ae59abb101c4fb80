using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Recordings;

/// <summary>A waveform as an image: the caller above, the target below, in colours that are seen on light and on dark ground.</summary>
internal static class WaveformImage
{
    private const string PolicyOfImages = "default-src 'none'; frame-ancestors 'none'; sandbox";
    private const int LaneHeight = 64;

    private static readonly string[] s_colors = ["#2f7fd0", "#b86a12"];

    /// <summary>The image of the magnitudes of both sides, 0–255.</summary>
    public static IResult Of(HttpContext context, IReadOnlyList<byte[]> peaks)
    {
        context.Response.Headers.ContentSecurityPolicy = PolicyOfImages;
        int width = Math.Max(1, peaks.Max(lane => lane.Length));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {LaneHeight * peaks.Count}\" preserveAspectRatio=\"none\"><title>Waveform</title>");
        for (int lane = 0; lane < peaks.Count; lane++)
        {
            double middle = (lane + 0.5) * LaneHeight;
            svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{s_colors[lane % s_colors.Length]}\" d=\"");
            for (int i = 0; i < peaks[lane].Length; i++)
            {
                double half = Half(peaks[lane][i]);
                svg.Append(CultureInfo.InvariantCulture, $"M{i}.5 {middle - half:0.#}V{middle + half:0.#}");
            }
            svg.Append("\"/>");
        }
        return TypedResults.Text(svg.Append("</svg>").ToString(), "image/svg+xml", Encoding.UTF8);
    }

    // By its root: speech is mostly quiet, and seen so.
    private static double Half(byte peak) => Math.Max(0.4, Math.Sqrt(peak / 255.0) * (LaneHeight / 2 - 2));
}
