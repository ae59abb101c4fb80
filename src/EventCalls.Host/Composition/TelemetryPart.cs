using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventCalls.Host.Composition;

/// <summary>Sends traces and figures by OTLP; nothing but this knows the packages, so that a process that sends none loads nothing of them.</summary>
internal sealed class TelemetryPart(Meter meter, TracerProvider traces, MeterProvider figures, TelemetryTrouble trouble) : IDisposable
{
    /// <summary>Begins to send; a collector that is away is tried again, and what is too old by then is dropped.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IDisposable Start(EventCallsNode node, TelemetrySettings settings, ILogger logger, TimeProvider time)
    {
        var trouble = new TelemetryTrouble(logger, time);
        CallTrace.SampleRatio = settings.SampleRatio;
        var resource = ResourceBuilder.CreateEmpty().AddService("eventcalls", serviceInstanceId: node.Name);
        var meter = new Meter(CallTrace.SourceName);
        foreach (var (name, help) in node.Figures().Select(f => (f.Name, f.Help)).Union(EventCallsNode.LaterFigures).ToArray())
        {
            if (name.EndsWith("_total", StringComparison.Ordinal))
                meter.CreateObservableCounter(name, () => Now(node, name), null, help);
            else
                meter.CreateObservableGauge(name, () => Now(node, name), null, help);
        }
        // Which calls are traced follows from their ids, so whatever is made is sent.
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).SetSampler(new AlwaysOnSampler()).AddSource(CallTrace.SourceName).AddOtlpExporter(o => Set(o, settings, "v1/traces")).Build();
        var figures = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(CallTrace.SourceName).AddOtlpExporter(o => Set(o, settings, "v1/metrics")).Build();
        return new TelemetryPart(meter, traces, figures, trouble);
    }

    /// <summary>Sends what is left, for some seconds at most.</summary>
    public void Dispose()
    {
        traces.Dispose();
        figures.Dispose();
        meter.Dispose();
        trouble.Dispose();
    }

    private static IEnumerable<Measurement<double>> Now(EventCallsNode node, string name) =>
        node.Figures().Where(f => f.Name == name).Select(f => new Measurement<double>(f.Value, f.Labels.Select(l => KeyValuePair.Create(l.Name, (object?)l.Value))));

    private static void Set(OtlpExporterOptions options, TelemetrySettings settings, string path)
    {
        bool isHttp = settings.Protocol == OtlpProtocol.HttpProtobuf;
        options.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = isHttp ? new Uri($"{settings.Otlp!.AbsoluteUri.TrimEnd('/')}/{path}") : settings.Otlp!;
    }
}
