using BenchmarkDotNet.Attributes;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Benchmarks.Micro;

/// <summary>What a decision with the sample logic costs: on the caller's thread, and handed over to a decision thread.</summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private const int Batch = 500;

    private const string Sample = """
        public sealed class SupportLine : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["caller_id"] = conv.SipHeaders["From"] ?? "Unknown";
                conv.State["branch"] = conv.CalleeNumber == "+15557654321" ? "North Branch" : "South Branch";
                return conv.CallerNumber == "+15551234567" ? conv.GotoFlow("vip_support") : conv.GotoFlow("general_support");
            }

            [Flow("vip_support")]
            public Decision VipSupport(Conversation conv) =>
                Handoff.Invite("+12222222", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
                    .WithHeader("X-Customer-ID", conv.State["customer_id"])
                    .OrElse(Handoff.Refer("sip:support@example.com"));
        }
        """;

    private static readonly string[] s_headers =
    [
        "Via", "Max-Forwards", "Record-Route", "From", "To", "Call-ID", "CSeq", "Contact", "Allow", "Supported", "User-Agent",
        "P-Asserted-Identity", "Content-Type", "Content-Length",
    ];

    private readonly DecideOptions _options = Options;
    private readonly Task<DecisionResult>[] _batch = new Task<DecisionResult>[Batch];
    private CompiledLogic _logic = null!;
    private DecisionThreads _threads = null!;
    private DecisionRequest _request = null!;

    /// <summary>The sample logic.</summary>
    internal static IReadOnlyList<LogicSource> Sources { get; } = [new LogicSource("support.cs", Sample)];

    /// <summary>With what it is decided.</summary>
    internal static DecideOptions Options { get; } = new() { KnownEndpoints = new HashSet<string> { "pstn" } };

    /// <summary>A call as a carrier sends it.</summary>
    internal static DecisionRequest Request { get; } = DecisionRequest.For(new CallStarted
    {
        EventId = Guid.CreateVersion7(),
        CallId = Guid.CreateVersion7(),
        CausationId = Guid.Empty,
        OccurredAt = DateTimeOffset.UnixEpoch,
        Node = "edge-1",
        Trunk = "carrier",
        Transport = "udp",
        RemoteEndPoint = "127.0.0.1:5070",
        SipCallId = "a84b4c76e66710@127.0.0.1",
        RequestUri = "sip:+15557654321@127.0.0.1",
        CallerNumber = "+15551234567",
        CalleeNumber = "+15557654321",
        Headers = [.. s_headers.Select(h => new SipHeader(h, "<sip:+15551234567@127.0.0.1;user=phone>;tag=1928301774"))],
    });

    /// <summary>Compiles the sample.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _logic = LogicCompiler.Compile(Sources).Logic!;
        _threads = new DecisionThreads(new DecisionThreadsOptions(), TimeProvider.System, NullLogger.Instance);
        _request = Request;
    }

    /// <summary>Ends the threads.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _threads.Dispose();
        _logic.Dispose();
    }

    /// <summary>On the caller's thread.</summary>
    [Benchmark(Baseline = true)]
    public DecisionResult Decide() => Decider.Decide(_logic, _request, _options);

    /// <summary>On decision threads, one at a time: the router with a call now and then.</summary>
    [Benchmark]
    public Task<DecisionResult> DecideOnThread() => _threads.RunAsync(_logic, _request, _options);

    /// <summary>On decision threads, many outstanding: a replay.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public Task DecideManyOnThreads()
    {
        for (int i = 0; i < Batch; i++)
            _batch[i] = _threads.RunAsync(_logic, _request, _options);
        return Task.WhenAll(_batch);
    }
}
