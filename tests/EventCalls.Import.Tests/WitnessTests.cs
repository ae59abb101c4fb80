using System.Diagnostics;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

/// <summary>The wrappings are made by the tests' own code: another program has to find the same messages in them, in those that it knows.</summary>
public class WitnessTests
{
    [Fact]
    public async Task Tshark_finds_SIP_in_the_wrappings_too()
    {
        string file = Path.GetTempFileName();
        try
        {
            string[] names =
            [
                "802.1Q", "QinQ", "PPPoE", "IP in IP", "6in4", "GRE", "GRE with checksum, key and sequence", "NVGRE", "ERSPAN I", "ERSPAN II", "ERSPAN III", "ERSPAN III with subheader", "VXLAN", "GENEVE",
                "GENEVE with options and IP", "GTP-U", "GTP-U with a PDU session container", "TZSP", "MPLS", "MPLS in UDP", "L2TP", "authenticated",
            ];
            var capture = CaptureBytes.Pcap();
            foreach (string name in names)
                capture.Packet(Wrappings.All[name](TunnelTests.Invite()));
            await File.WriteAllBytesAsync(file, capture.Bytes);

            using var tshark = Process.Start(new ProcessStartInfo("tshark", ["-r", file, "-Y", "sip.Method == \"INVITE\"", "-T", "fields", "-e", "frame.number"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var seen = (await tshark.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, null)).ToHashSet();

            Assert.Equal([], names.Where((_, i) => !seen.Contains(i + 1)));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
