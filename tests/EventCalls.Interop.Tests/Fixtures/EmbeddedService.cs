using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>One <c>eventcalls run</c> on the embedded defaults, or on servers of its own, shared by the tests of a class, which run one after another.</summary>
public class EmbeddedService : IAsyncLifetime
{
    private int _calls;
    private RabbitMqServer? _broker;
    private PostgresServer? _database;
    private EventCallsProcess? _process;
    private SippRun? _target;

    internal EventCallsProcess Process => _process ?? throw new InvalidOperationException("The service is not started yet.");

    internal EventCallsSettings Settings { get; private set; } = new();

    /// <inheritdoc/>
    public virtual async Task InitializeAsync()
    {
        if (Servers.Broker)
            _broker = await RabbitMqServer.StartAsync();
        if (Servers.Database)
            _database = await PostgresServer.StartAsync();
        Settings = Configure(new EventCallsSettings
        {
            SipPort = FreePorts.Next(),
            TargetPort = FreePorts.Next(),
            SecondPort = FreePorts.Next(),
            RabbitMq = _broker?.ConnectionString,
            Postgres = _database?.ConnectionString,
        });
        _process = await EventCallsProcess.StartAsync(Settings);
    }

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <summary>Which servers are started before it, to be used instead of the embedded defaults.</summary>
    private protected virtual (bool Broker, bool Database) Servers => default;

    /// <summary>What a derived fixture changes.</summary>
    internal virtual EventCallsSettings Configure(EventCallsSettings settings) => settings;

    /// <summary>Starts a scenario at the outbound endpoint <c>target</c>, or <c>second</c>.</summary>
    internal async Task<SippRun> TargetAsync(string scenario, bool second = false, int pauseMs = 100, TimeSpan? timeout = null)
    {
        _target = await SippRun.StartAsync(new SippOptions
        {
            Scenario = Scenarios.File(scenario),
            Port = second ? Settings.SecondPort : Settings.TargetPort,
            Transport = Settings.OutboundTransport == "tcp" ? "t1" : "u1",
            PauseMs = pauseMs,
            ReceiveTimeoutMs = 60_000,
            Timeout = timeout ?? TimeSpan.FromSeconds(60),
        });
        return _target;
    }

    /// <summary>Calls in and dials a flow; what SIPp saw, and the SIP Call-ID.</summary>
    internal async Task<(SippResult Result, string SipCallId)> CallAsync(
        string scenario, string flow, string transport = "u1", int pauseMs = 100, int receiveTimeoutMs = 20_000, params string[] more)
    {
        var prefix = $"{scenario}-{Interlocked.Increment(ref _calls)}";
        var result = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File(scenario),
            Remote = Process.SipAddress,
            Dial = flow,
            Transport = transport,
            PauseMs = pauseMs,
            ReceiveTimeoutMs = receiveTimeoutMs,
            Timeout = TimeSpan.FromMilliseconds(Math.Max(60_000, receiveTimeoutMs + 15_000)),
            CallIdPrefix = prefix,
            More = more,
        });
        return (result, $"{prefix}-1@127.0.0.1");
    }

    /// <summary>Calls in, expects what the scenario expects, and hands out the stream of the call when it is over.</summary>
    internal async Task<(SippResult Result, CallStream Stream)> CallToTheEndAsync(
        string scenario, string flow, string transport = "u1", int pauseMs = 100, int receiveTimeoutMs = 20_000, params string[] more)
    {
        var (result, sipCallId) = await CallAsync(scenario, flow, transport, pauseMs, receiveTimeoutMs, more);
        if (!result.Succeeded)
            Assert.Fail($"{scenario}: {result}\n{_target?.Describe()}\n{await Process.CallAsync(sipCallId)}\n{Process.Describe()}");
        return (result, await Process.EndedCallAsync(sipCallId));
    }
}
