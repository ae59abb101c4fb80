using System.Net;
using EventCalls.Console.Security.OpenId;

namespace EventCalls.Console;

/// <summary>Where the console listens, and who may use it.</summary>
public sealed record ConsoleOptions
{
    /// <summary>Where HTTP listens: an address of this machine with a port (0 for a free one), <c>http</c> only; null for nowhere.</summary>
    public Uri? Listen { get; init; }

    /// <summary>The file of the API keys, which <c>eventcalls keys</c> writes; without it only this machine may use the API, and everybody on it.</summary>
    public string? Keys { get; init; }

    /// <summary>How people sign in with their organisation's provider; null when they cannot.</summary>
    public OpenIdOptions? OpenId { get; init; }

    /// <summary>Other sites whose pages may use the API with a key, such as <c>https://board.example.com</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>How many connections are open at most, 1 or more; for a further one the one that has waited longest for a request is closed.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>How long a client may take for the head of a request, and how long a connection may be idle.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is listened on.</summary>
    /// <exception cref="ConsoleRefusedException">It is no address of a machine.</exception>
    internal IPEndPoint EndPoint
    {
        get
        {
            var listen = Listen ?? throw new InvalidOperationException("Nothing to listen on.");
            if (listen.Scheme != Uri.UriSchemeHttp)
                throw new ConsoleRefusedException($"EventCalls:Http:Listen is '{listen}'; expected http: TLS belongs to the reverse proxy in front");
            if (listen.AbsolutePath != "/")
                throw new ConsoleRefusedException($"EventCalls:Http:Listen is '{listen}'; expected no path behind the port");
            if (listen.Host == "localhost")
                return new IPEndPoint(IPAddress.Loopback, listen.Port);
            return IPAddress.TryParse(listen.Host.Trim('[', ']'), out var address)
                ? new IPEndPoint(address, listen.Port)
                : throw new ConsoleRefusedException($"EventCalls:Http:Listen is '{listen}'; expected an address of this machine such as http://127.0.0.1:8080, or http://0.0.0.0:8080 for all");
        }
    }
}
