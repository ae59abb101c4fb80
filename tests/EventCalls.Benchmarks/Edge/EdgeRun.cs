using System.Globalization;
using System.Text.RegularExpressions;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Store;
using EventCalls.Testing;
using EventCalls.Testing.Sip;
using Microsoft.Extensions.Logging.Abstractions;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;
using static EventCalls.Benchmarks.Running.Samples;

namespace EventCalls.Benchmarks.Edge;

/// <summary>What TLS costs a call, how fast handshakes are beside OpenSSL's own, and what a flood of strangers does to calls that are taken: two things in turns, in one run.</summary>
internal static partial class EdgeRun
{
    private const int TimesTheFlood = 5;

    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(args, EdgeOptions.Parse, EdgeOptions.Usage, RunAsync);

    private static async Task<int> RunAsync(EdgeOptions options, string folder)
    {
        using var authority = new TestAuthority(TimeProvider.System);
        string certificate = authority.Make("edge", "127.0.0.1");
        int udp = FreePorts.Next(), tcp = FreePorts.Next(), tls = FreePorts.Next();
        await using var service = await ServiceProcess.StartAsync(
            new ServiceSettings
            {
                Node = "edge",
                SipPort = udp,
                Logic = Path.Combine("Load", "Logic"),
                Store = new StoreOptions { Sqlite = Path.Combine(folder, "calls.db") },
                More = new Dictionary<string, string>
                {
                    ["Trunks__carrier__From__0"] = "127.0.0.1",
                    ["Sip__Listen__1"] = $"tcp:127.0.0.1:{tcp}",
                    ["Sip__Listen__2"] = $"tls:127.0.0.1:{tls}",
                    ["Sip__Tls__Certificate"] = certificate,
                    ["Sip__Tls__Authorities"] = authority.AuthorityFile,
                },
            },
            folder);
        if (options.What == "handshakes")
            return await HandshakesAsync(options, folder, certificate, tls);
        var identity = new TlsIdentity(
            new TlsCertificate(new TlsCertificateFiles(certificate), TimeProvider.System, NullLogger.Instance), new TlsAuthorities(authority.Authorities), static (_, _) => null);
        return options.What == "tls" ? await TlsAsync(options, service.Id, identity, tcp, tls) : await FloodAsync(options, service.Id, udp);
    }

    /// <summary>The same calls over an open TCP and an open TLS connection.</summary>
    private static async Task<int> TlsAsync(EdgeOptions options, int service, TlsIdentity identity, int tcp, int tls)
    {
        using var plain = new EdgeCaller("tcp");
        using var secret = new EdgeCaller("tls", identity);
        await plain.RunAsync(tcp, options.Rate, options.Seconds);
        await secret.RunAsync(tls, options.Rate, options.Seconds);
        var costs = new List<(double Plain, double Secret)>();
        for (int i = 0; i < options.Rounds; i++)
        {
            costs.Add((await CostAsync("tcp", plain, tcp), await CostAsync("tls", secret, tls)));
            Line($"  turn {i + 1}: {costs[^1].Secret / costs[^1].Plain:F2} times TCP");
        }
        Line($"a call on an open TLS connection: {Median(costs.Select(c => c.Secret)):F3} CPU-ms, on a TCP one {Median(costs.Select(c => c.Plain)):F3}; {Median(costs.Select(c => c.Secret / c.Plain)):F2} times (median of {options.Rounds})");
        return 0;

        async Task<double> CostAsync(string name, EdgeCaller caller, int port)
        {
            double before = ProcessMeter.CpuMilliseconds(service);
            var (answered, calls) = await caller.RunAsync(port, options.Rate, options.Seconds);
            double cost = (ProcessMeter.CpuMilliseconds(service) - before) / calls;
            Line($"  {name}: {cost:F3} CPU-ms a call, {answered.Count} of {calls} answered, p50 {Percentile(answered, 50):F1} ms, p99 {Percentile(answered, 99):F1} ms");
            return cost;
        }
    }

    /// <summary>The calls of a trunk alone, and beside five times as many of strangers.</summary>
    private static async Task<int> FloodAsync(EdgeOptions options, int service, int port)
    {
        using var caller = new EdgeCaller();
        await caller.RunAsync(port, options.Rate, options.Seconds);
        var tails = new List<(double Calm, double Flooded)>();
        for (int i = 0; i < options.Rounds; i++)
        {
            double calm = await TailAsync("calm", 0);
            await using var flood = new Flood(port, TimesTheFlood * options.Rate);
            tails.Add((calm, await TailAsync("flood", flood.Sent)));
            Line($"  {flood.Sent} INVITEs of strangers; p99 {tails[^1].Flooded / tails[^1].Calm:F2} times calm");
        }
        Line($"accepted calls' p99 under {TimesTheFlood} times as many strangers: {Median(tails.Select(t => t.Flooded)):F1} ms, calm {Median(tails.Select(t => t.Calm)):F1} ms; {Median(tails.Select(t => t.Flooded / t.Calm)):F2} times (median of {options.Rounds})");
        return 0;

        async Task<double> TailAsync(string name, int already)
        {
            double before = ProcessMeter.CpuMilliseconds(service);
            var (answered, calls) = await caller.RunAsync(port, options.Rate, options.Seconds);
            Line($"  {name}: {answered.Count} of {calls} answered, p50 {Percentile(answered, 50):F1} ms, p99 {Percentile(answered, 99):F1} ms, {(ProcessMeter.CpuMilliseconds(service) - before) / calls:F3} CPU-ms a call{(already > 0 ? $", {already} before" : "")}");
            return Percentile(answered, 99);
        }
    }

    /// <summary>OpenSSL's own client shakes hands with us, and with OpenSSL's own server.</summary>
    private static async Task<int> HandshakesAsync(EdgeOptions options, string folder, string certificate, int tls)
    {
        int port = FreePorts.Next();
        await using var server = ChildProcess.Start("openssl", ["s_server", "-accept", Number(port), "-cert", certificate, "-key", certificate, "-quiet"], folder: folder);
        await CountAsync(tls, 2);
        await CountAsync(port, 2);
        var rates = new List<(double Ours, double Theirs)>();
        for (int i = 0; i < options.Rounds; i++)
        {
            rates.Add((await CountAsync(tls, options.Seconds), await CountAsync(port, options.Seconds)));
            Line($"  turn {i + 1}: {rates[^1].Ours:F0} handshakes a second here, {rates[^1].Theirs:F0} with openssl s_server");
        }
        Line($"handshakes a second: {Median(rates.Select(r => r.Ours)):F0}, openssl s_server {Median(rates.Select(r => r.Theirs)):F0}; {Median(rates.Select(r => r.Ours / r.Theirs)):F2} of it (median of {options.Rounds})");
        return 0;

        async Task<double> CountAsync(int at, int seconds)
        {
            await using var client = ChildProcess.Start("openssl", ["s_time", "-connect", $"127.0.0.1:{Number(at)}", "-new", "-time", Number(seconds)], folder: folder);
            await client.Exited;
            var match = Connections().Match(client.Output);
            return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException(client.Describe());
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) connections in (\d+) real seconds")]
    private static partial Regex Connections();
}
