using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventCalls.Testing;

namespace EventCalls.Marten.Tests.Analytics;

/// <summary><c>samples/CallAnalytics</c> as a process of its own, as a user starts it.</summary>
internal sealed class AnalyticsProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(90);
    private readonly ChildProcess _process;

    private AnalyticsProcess(ChildProcess process, Uri address)
    {
        _process = process;
        Pages = new HttpClient { BaseAddress = address };
    }

    public HttpClient Pages { get; }

    /// <summary>The positions of the failed transfers that it told of, in the order in which it did.</summary>
    public List<long> Told => [.. _process.Output.Split('\n').Where(line => line.StartsWith("transfer failed #", StringComparison.Ordinal) && line.Contains(':'))
        .Select(line => long.Parse(line["transfer failed #".Length..line.IndexOf(':')]))];

    public static async Task<AnalyticsProcess> StartAsync(string database)
    {
        var process = Run("--connection", database, "--urls", "http://127.0.0.1:0");
        try
        {
            var line = await process.WaitForLineAsync(line => line.Contains(Listening, StringComparison.Ordinal), s_longest, default);
            return new AnalyticsProcess(process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public static ChildProcess Run(params string[] arguments) => ChildProcess.Start("dotnet", [Program, .. arguments]);

    /// <summary>Asks for a list again and again until it is as it should be; says what it was when it does not become so.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> fits)
    {
        using var limit = new CancellationTokenSource(s_longest);
        JsonNode? last = null;
        while (true)
        {
            try
            {
                if (fits(last = (await Pages.GetFromJsonAsync<JsonNode>(path, JsonSerializerOptions.Web, limit.Token))!))
                    return last;
                await Task.Delay(100, limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{path} did not become what it should; it was {last?.ToJsonString()}\n{_process.Describe()}");
            }
            catch (HttpRequestException)
            {
                // The database may be away for a while.
            }
        }
    }

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Pages.Dispose();
        await _process.DisposeAsync();
    }

    // bin/CONFIGURATION/FRAMEWORK, there as here.
    private static string Program
    {
        get
        {
            var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar);
            return Path.Combine(AppContext.BaseDirectory, "../../../../../samples/CallAnalytics/bin", here[^2], here[^1], "CallAnalytics.dll");
        }
    }
}
