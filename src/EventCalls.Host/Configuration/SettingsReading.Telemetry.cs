using System.Globalization;

namespace EventCalls.Host.Configuration;

/// <content>The keys of what is sent to a collector of OpenTelemetry.</content>
internal static partial class SettingsReading
{
    private const string OtlpKey = "Telemetry:Otlp";
    private const string ProtocolKey = "Telemetry:OtlpProtocol";
    private const string OtlpSample = "an address such as http://127.0.0.1:4318 or http://127.0.0.1:4317";
    private const int GrpcPort = 4317;
    private const int HttpPort = 4318;

    private static readonly string[] s_addedPaths = ["/v1/traces", "/v1/metrics"];

    private static TelemetrySettings Telemetry(KeyReader keys)
    {
        var telemetry = keys.For(new TelemetrySettings());
        string? text = telemetry.TextFor(OtlpKey, s => s.Otlp, "an address such as `http://127.0.0.1:4318`", "none: nothing is sent");
        var protocol = telemetry.Word(ProtocolKey, s => s.Protocol, ("grpc", OtlpProtocol.Grpc), ("http/protobuf", OtlpProtocol.HttpProtobuf));
        double ratio = new TelemetrySettings().SampleRatio;
        if (telemetry.TextFor("Telemetry:SampleRatio", s => s.SampleRatio, "a number, 0 to 1", "0.01") is { } share
            && !(double.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out ratio) && ratio <= 1))
            keys.Wrong("Telemetry:SampleRatio", share, "expected a number from 0 to 1, such as 0.01");
        var settings = new TelemetrySettings { Protocol = protocol, SampleRatio = ratio };
        return text is null ? settings : ToCollector(keys, text, settings);
    }

    private static TelemetrySettings ToCollector(KeyReader keys, string text, TelemetrySettings settings)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var collector) || collector.Scheme is not ("http" or "https") || collector.Query.Length + collector.Fragment.Length + collector.UserInfo.Length > 0)
        {
            keys.Wrong(OtlpKey, text, $"expected {OtlpSample}");
            return settings;
        }
        string path = collector.AbsolutePath.TrimEnd('/');
        var protocol = settings.Protocol ?? (path.Length > 0 || collector.Port == HttpPort ? OtlpProtocol.HttpProtobuf : collector.Port == GrpcPort ? OtlpProtocol.Grpc : null);
        if (protocol is null)
            keys.Errors.Add($"{KeyReader.Section}:{OtlpKey} is '{text}', whose port is neither {GrpcPort} nor {HttpPort}, so that it does not say what the collector speaks there; set {KeyReader.Section}:{ProtocolKey} to grpc or http/protobuf");
        else if (protocol == OtlpProtocol.Grpc && path.Length > 0)
            keys.Wrong(OtlpKey, text, $"gRPC has no path: leave out {path}, or set {KeyReader.Section}:{ProtocolKey} to http/protobuf");
        else if (Array.Find(s_addedPaths, added => path.EndsWith(added, StringComparison.Ordinal)) is { } own)
            keys.Wrong(OtlpKey, text, $"leave out {own}: {string.Join(" and ", s_addedPaths)} are added to it");
        return settings with { Otlp = collector, Protocol = protocol };
    }
}
