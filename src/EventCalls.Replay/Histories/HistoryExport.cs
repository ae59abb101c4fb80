using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using EventCalls.Replay.Audit;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Past;
using EventCalls.Store;

namespace EventCalls.Replay.Histories;

/// <summary>Writes past calls, with the versions of logic that decided them, into a file that <c>eventcalls replay --history</c> reads without a store.</summary>
public static class HistoryExport
{
    /// <summary>Writes the file, which gets its name when it is complete; gives how many calls are in it.</summary>
    /// <param name="store">Where the calls are.</param>
    /// <param name="query">Which calls.</param>
    /// <param name="path">The file.</param>
    /// <param name="anonymizer">Puts something else for who called; null to write calls as they are.</param>
    /// <param name="now">When it is made, UTC.</param>
    /// <param name="ct">Ends the writing between two calls.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="StoreUnreachableException">The store cannot be read.</exception>
    public static async Task<long> ToFileAsync(IPastCalls store, CallQuery query, string path, Anonymizer? anonymizer, DateTimeOffset now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(query);
        var target = new ExportFile(path);
        var file = target.Open();
        try
        {
            long calls;
            await using (file.ConfigureAwait(false))
            {
                var body = new GZipStream(file, CompressionLevel.Optimal);
                await using (body.ConfigureAwait(false))
                    calls = await WriteAsync(store, query, body, anonymizer, now, ct).ConfigureAwait(false);
            }
            target.Finish();
            return calls;
        }
        catch
        {
            target.Discard();
            throw;
        }
    }

    private static async Task<long> WriteAsync(IPastCalls store, CallQuery query, Stream stream, Anonymizer? anonymizer, DateTimeOffset now, CancellationToken ct)
    {
        var chosen = await ChosenCalls.FindAsync(store, new CallChoice { Query = query }, ct).ConfigureAwait(false);
        var line = new MemoryStream();
        line.Write(Encoding.UTF8.GetBytes(HistoryFormat.Magic + " "));
        var head = new HistoryHead { Version = HistoryFormat.Version, Calls = chosen.Count, MadeAt = now.UtcDateTime, Anonymized = anonymizer is not null };
        JsonSerializer.Serialize(line, head, HistoryFormat.Json.HistoryHead);
        line.WriteByte((byte)'\n');
        // All versions that are known: which of them decided is seen only when the calls have been read, and they are small.
        foreach (string version in await store.ListLogicVersionsAsync("", ct).ConfigureAwait(false))
        {
            if (await store.FindLogicVersionAsync(version, ct).ConfigureAwait(false) is not { } loaded)
                continue;
            line.Write("logic "u8);
            JsonSerializer.Serialize(line, loaded with { Node = null }, HistoryFormat.Json.LogicVersionLoaded);
            line.WriteByte((byte)'\n');
        }
        long calls = 0;
        await foreach (var call in chosen.ReadAsync(null, ct).ConfigureAwait(false))
        {
            ct.ThrowIfCancellationRequested();
            Write(line, anonymizer?.Anonymize(call) ?? call);
            calls++;
            if (line.Length < 1 << 16)
                continue;
            line.WriteTo(stream);
            line.SetLength(0);
        }
        line.Write(HistoryFormat.End);
        line.Write(Encoding.ASCII.GetBytes(calls.ToString(CultureInfo.InvariantCulture) + "\n"));
        line.WriteTo(stream);
        return calls;
    }

    private static void Write(MemoryStream line, CallHistory call)
    {
        JsonSerializer.Serialize(line, HistoryFormat.Of(call.Call), HistoryFormat.Json.HistoryRow);
        line.WriteByte((byte)'\n');
        foreach (var e in call.Events)
        {
            if (!PastCallReader.EventTypes.Contains(e.Type))
                continue;
            line.Write(Encoding.UTF8.GetBytes(e.Type));
            line.WriteByte((byte)' ');
            SlimEvent.Write(line, e.Type, e.Data);
            line.WriteByte((byte)'\n');
        }
        line.WriteByte((byte)'\n');
    }
}
