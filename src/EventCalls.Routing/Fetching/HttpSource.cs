using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Fetching;

/// <summary>Asks one source over HTTP: a key once at a time, from the cache where it can, and not at all while the source is left alone.</summary>
internal sealed class HttpSource : IDisposable
{
    private const int MostConnections = 64;
    private const int LongestKey = 256;

    private readonly ConcurrentDictionary<string, Lazy<Task<FetchAnswer>>> _underWay = new(StringComparer.Ordinal);
    private readonly FetchSource _source;
    private readonly TimeProvider _time;
    private readonly Breaker _breaker;
    private readonly AnswerCache _cache;
    private readonly HttpClient _client;

    public HttpSource(FetchSource source, TimeProvider time)
    {
        (_source, _time) = (source, time);
        _breaker = new Breaker(source.BreakerFailures, source.BreakerPause, time);
        _cache = new AnswerCache(source.Cache, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            // Headers of ours are for this server only.
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = source.Timeout,
            MaxConnectionsPerServer = MostConnections,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<FetchAnswer> FetchAsync(string key, TimeSpan left, CancellationToken cancellationToken)
    {
        if (KeyProblem(key) is { } problem)
            return new FetchAnswer { Failure = FetchFailure.BadKey, Detail = problem };
        if (_cache.Find(key) is { } kept)
            return kept with { Cached = true };
        if (left <= TimeSpan.Zero)
            return TimedOut(TimeSpan.Zero, left);
        long began = _time.GetTimestamp();
        // Calls that ask for the same at the same time get the same answer; it is asked for to its end, whoever stops waiting.
        var asking = _underWay.GetOrAdd(key, static (k, self) => new Lazy<Task<FetchAnswer>>(() => self.AskAsync(k)), this);
        try
        {
            var answer = await asking.Value.WaitAsync(left, _time, cancellationToken).ConfigureAwait(false);
            return answer with { Milliseconds = (long)_time.GetElapsedTime(began).TotalMilliseconds };
        }
        catch (TimeoutException)
        {
            return TimedOut(_time.GetElapsedTime(began), left);
        }
    }

    public void Dispose() => _client.Dispose();

    private static FetchAnswer TimedOut(TimeSpan waited, TimeSpan left) => new()
    {
        Failure = FetchFailure.TimedOut,
        Milliseconds = (long)waited.TotalMilliseconds,
        Detail = $"the decision had {Math.Max(0, left.TotalMilliseconds):0} ms left",
    };

    // A caller's number is what the caller likes it to be.
    private static string? KeyProblem(string key) =>
        key.Length is 0 or > LongestKey ? $"a key has 1 to {LongestKey} characters"
        : key.Any(char.IsControl) ? "a key has no control characters"
        : key.Split('/', '\\').Any(part => part is "." or "..") ? "a key must not lead to another path"
        : null;

    private async Task<FetchAnswer> AskAsync(string key)
    {
        try
        {
            if (!_breaker.TryPass())
                return new FetchAnswer { Failure = FetchFailure.BreakerOpen, Detail = $"{_source.BreakerFailures} failures in a row; left alone for {_source.BreakerPause.TotalSeconds:0} s" };
            var answer = await TryAsync(key).ConfigureAwait(false);
            if (IsFailureOfSource(answer))
                _breaker.Failed();
            else
                _breaker.Succeeded();
            if (answer.Failure is null)
                _cache.Add(key, answer);
            return answer;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    private static bool IsFailureOfSource(FetchAnswer answer) =>
        answer.Failure is FetchFailure.TimedOut or FetchFailure.Unreachable || (answer.Failure == FetchFailure.HttpStatus && answer.Status is 429 or >= 500);

    private async Task<FetchAnswer> TryAsync(string key)
    {
        using var limit = new CancellationTokenSource(_source.Timeout, _time);
        try
        {
            using var request = Request(key);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            if (status is 404 or 410)
                return new FetchAnswer { Status = status };
            if (!response.IsSuccessStatusCode)
                return new FetchAnswer { Status = status, Failure = FetchFailure.HttpStatus };
            byte[]? body = await BodyAsync(response, limit.Token).ConfigureAwait(false);
            return body is null
                ? new FetchAnswer { Status = status, Failure = FetchFailure.TooLarge, Detail = $"more than {_source.MaxBytes} bytes" }
                : AnswerOf(status, body);
        }
        catch (OperationCanceledException)
        {
            return new FetchAnswer { Failure = FetchFailure.TimedOut, Detail = $"no answer within {_source.Timeout.TotalMilliseconds:0} ms" };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new FetchAnswer { Failure = FetchFailure.Unreachable, Detail = e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known ? $"{known.HttpRequestError}" : "the connection broke" };
        }
    }

    private HttpRequestMessage Request(string key)
    {
        var request = new HttpRequestMessage(_source.Posts ? HttpMethod.Post : HttpMethod.Get, _source.Url.Replace(FetchSource.KeyPlace, Uri.EscapeDataString(key), StringComparison.Ordinal));
        if (_source.Posts)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["key"] = key }, FetchJson.Default.DictionaryStringString));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in _source.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private async Task<byte[]?> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        // One more than there may be shows that there is more.
        byte[] buffer = new byte[_source.MaxBytes + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length > _source.MaxBytes ? null : buffer[..length];
    }

    private FetchAnswer AnswerOf(int status, byte[] body)
    {
        if (body.Length == 0)
            return new FetchAnswer { Status = status };
        try
        {
            return new FetchAnswer { Status = status, Json = FetchJson.Kept(body, _source.Members) };
        }
        catch (JsonException)
        {
            return new FetchAnswer { Status = status, Failure = FetchFailure.NotJson };
        }
    }
}
