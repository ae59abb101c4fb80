using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A collector of OpenTelemetry, as far as spans go: it takes OTLP over HTTP and reads them out of the protobuf.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly Task _serving;

    public OtlpReceiver(int port)
    {
        Address = $"http://127.0.0.1:{port}/otlp";
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it takes them.</summary>
    public string Address { get; }

    /// <summary>What was asked for.</summary>
    public ConcurrentDictionary<string, int> Paths { get; } = new();

    /// <summary>The spans so far.</summary>
    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Paths.AddOrUpdate(context.Request.Url!.AbsolutePath, 1, (_, n) => n + 1);
            if (context.Request.Url.AbsolutePath.EndsWith("/v1/traces", StringComparison.Ordinal))
                Read(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    // ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2.
    private void Read(byte[] request)
    {
        foreach (var resource in Fields(request).Where(f => f.Number == 1))
        {
            foreach (var scope in Fields(resource.Bytes).Where(f => f.Number == 2))
            {
                foreach (var span in Fields(scope.Bytes).Where(f => f.Number == 2))
                {
                    var fields = Fields(span.Bytes).Where(f => f.Bytes.Length > 0).ToLookup(f => f.Number, f => f.Bytes);
                    _spans.Enqueue(new Span(Encoding.UTF8.GetString(fields[5].First()), Hex(fields[1].First()), Hex(fields[2].First()), Hex(fields[4].FirstOrDefault() ?? [])));
                }
            }
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong key = Number(message, ref at);
            int length = (key & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Number(message, ref at),
                5 => 4,
                _ => throw new FormatException($"wire type {key & 7}"),
            };
            if ((key & 7) == 0)
                Number(message, ref at);
            yield return ((int)(key >> 3), (key & 7) == 2 ? message[at..(at + length)] : []);
            at += length;
        }
    }

    private static ulong Number(byte[] message, ref int at)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return number;
        }
    }

    /// <summary>A span, its ids in hexadecimal.</summary>
    internal sealed record Span(string Name, string Trace, string Id, string Parent);
}
