using EventCalls.Host.Configuration;

namespace EventCalls.Host.Tests.Configuration;

public sealed class TelemetrySettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("http://127.0.0.1:4317", null, "Grpc")]
    [InlineData("http://127.0.0.1:4318", null, "HttpProtobuf")]
    [InlineData("http://127.0.0.1:4318/", null, "HttpProtobuf")]
    [InlineData("http://127.0.0.1:4317/otlp", null, "HttpProtobuf")]
    [InlineData("https://otlp.example.com", "grpc", "Grpc")]
    [InlineData("https://otlp.example.com", "http/protobuf", "HttpProtobuf")]
    [InlineData("http://127.0.0.1:4317", "HTTP/protobuf", "HttpProtobuf")]
    [InlineData("http://127.0.0.1:4318", "grpc", "Grpc")]
    public void A_collector_is_spoken_to_as_is_said_or_as_its_port_or_path_says(string otlp, string? said, string protocol)
    {
        string[] keys = said is null ? [$"Telemetry:Otlp={otlp}"] : [$"Telemetry:Otlp={otlp}", $"Telemetry:OtlpProtocol={said}"];

        var telemetry = Load(keys).Telemetry;

        Assert.Equal((new Uri(otlp), protocol), (telemetry.Otlp, $"{telemetry.Protocol}"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:14318", null, "EventCalls:Telemetry:Otlp is 'http://127.0.0.1:14318', whose port is neither 4317 nor 4318, so that it does not say what the collector speaks there; set EventCalls:Telemetry:OtlpProtocol to grpc or http/protobuf")]
    [InlineData("https://otlp.example.com", null, "set EventCalls:Telemetry:OtlpProtocol to grpc or http/protobuf")]
    [InlineData("http://127.0.0.1:4318", "http/json", "EventCalls:Telemetry:OtlpProtocol is 'http/json'; expected grpc or http/protobuf")]
    [InlineData("http://127.0.0.1:4317/otlp", "grpc", "EventCalls:Telemetry:Otlp is 'http://127.0.0.1:4317/otlp'; gRPC has no path: leave out /otlp, or set EventCalls:Telemetry:OtlpProtocol to http/protobuf")]
    [InlineData("http://127.0.0.1:4318/v1/traces", null, "EventCalls:Telemetry:Otlp is 'http://127.0.0.1:4318/v1/traces'; leave out /v1/traces: /v1/traces and /v1/metrics are added to it")]
    [InlineData("127.0.0.1:4318", null, "EventCalls:Telemetry:Otlp is '127.0.0.1:4318'; expected an address such as http://127.0.0.1:4318 or http://127.0.0.1:4317")]
    [InlineData("grpc://127.0.0.1:4317", null, "EventCalls:Telemetry:Otlp is 'grpc://127.0.0.1:4317'; expected an address")]
    [InlineData("http://127.0.0.1:4318/?key=a", null, "EventCalls:Telemetry:Otlp is")]
    public void An_address_that_does_not_say_how_or_cannot_be_is_refused_by_the_name_of_its_key(string otlp, string? said, string error)
    {
        string[] keys = said is null ? [$"Telemetry:Otlp={otlp}"] : [$"Telemetry:Otlp={otlp}", $"Telemetry:OtlpProtocol={said}"];

        var refused = Assert.Throws<SettingsException>(() => Load(keys));

        Assert.Contains(error, Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    private Settings Load(params string[] assignments) =>
        SettingsSource.Load(CommandLineOverrides.Take([.. assignments.Select(a => $"--EventCalls:{a}")], out _), _folder);
}
