using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A Kamailio (Debian package <c>kamailio</c>) that passes every call on to one target: a proxy that stays in the dialog and keeps the Call-ID.</summary>
internal sealed class KamailioProxy : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private readonly string _folder;
    private readonly ChildProcess _process;

    private KamailioProxy(string folder, ChildProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    /// <summary>Where it takes SIP over UDP, and over TCP where it passes calls on so.</summary>
    public int Port { get; }

    /// <summary>Starts it and waits until it takes calls.</summary>
    /// <param name="targetPort">Where calls go.</param>
    /// <param name="transport">By what they go there; callers come over UDP.</param>
    /// <param name="user">Whom they are for there; null for whom the caller dialled.</param>
    /// <param name="certificate">The file with its certificate and key, for TLS.</param>
    /// <param name="webSocketPort">Where it takes WebSocket connections besides (Debian package <c>kamailio-websocket-modules</c>); 0 for none.</param>
    public static async Task<KamailioProxy> StartAsync(int targetPort, string transport = "udp", string? user = "4100", string? certificate = null, int webSocketPort = 0)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-kamailio-").FullName;
        int port = FreePorts.Next();
        var configuration = Path.Combine(folder, "kamailio.cfg");
        await File.WriteAllTextAsync(configuration, Configuration(port, targetPort, transport, user, certificate, webSocketPort));
        var process = ChildProcess.Start("kamailio", ["-DD", "-E", "-f", configuration, "-Y", folder, "-m", "16", "-M", "4"], folder: folder);
        var proxy = new KamailioProxy(folder, process, port);
        try
        {
            await proxy.ListensAsync();
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it wrote, for a failure message.</summary>
    public string Describe() => _process.Describe();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.Terminate();
        await Task.WhenAny(_process.Exited, Task.Delay(TimeSpan.FromSeconds(10)));
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(int port, int targetPort, string transport, string? user, string? certificate, int webSocketPort) => $$"""
        #!KAMAILIO
        debug=1
        log_stderror=yes
        children=1
        disable_tcp={{(transport == "udp" && webSocketPort == 0 ? "yes" : "no")}}
        auto_aliases=no
        listen=udp:127.0.0.1:{{port}}
        {{(transport == "udp" ? "" : $"listen={transport}:127.0.0.1:{port}")}}
        {{(certificate is null ? "" : $"enable_tls=yes\nloadmodule \"tls.so\"\nmodparam(\"tls\", \"tls_method\", \"TLSv1.2+\")\nmodparam(\"tls\", \"certificate\", \"{certificate}\")\nmodparam(\"tls\", \"private_key\", \"{certificate}\")")}}
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "textops.so"
        loadmodule "siputils.so"
        {{(webSocketPort == 0 ? "" : WebSockets(webSocketPort))}}

        request_route {
            if (is_method("CANCEL")) {
                if (t_check_trans()) t_relay();
                exit;
            }
            if (has_totag()) {
                loose_route();
                {{(webSocketPort == 0 ? "" : "if ($du == \"\") handle_ruri_alias();")}}
                # Some peers send back to where the call came from, and not to whom they speak with.
                if (uri == myself) $ru = "sip:{{user ?? "4100"}}@127.0.0.1:{{targetPort}}{{(transport == "udp" ? "" : $";transport={transport}")}}";
                t_relay();
                exit;
            }
            if (!is_method("INVITE")) { sl_send_reply("200", "OK"); exit; }
            record_route();
            {{(webSocketPort == 0 ? "" : "if (proto == WS) add_contact_alias();")}}
            append_hf("X-Routed-By: kamailio\r\n");
            {{(user is null ? $"$du = \"sip:127.0.0.1:{targetPort};transport={transport}\";" : $"$ru = \"sip:{user}@127.0.0.1:{targetPort}\";")}}
            t_relay();
        }

        """;

    // Who is connected so is reached by nothing but its connection, which its Contact is given the name of (RFC 7118 §5, Kamailio's nathelper).
    private static string WebSockets(int port) => $$"""
        listen=tcp:127.0.0.1:{{port}}
        tcp_accept_no_cl=yes
        loadmodule "xhttp.so"
        loadmodule "nathelper.so"
        loadmodule "websocket.so"
        event_route[xhttp:request] {
            if ($hdr(Upgrade) =~ "websocket" && $rm == "GET" && ws_handle_handshake()) exit;
            xhttp_reply("404", "Not Found", "", "");
        }
        onreply_route {
            if (proto == WS) add_contact_alias();
        }
        """;

    private async Task ListensAsync()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        // The second column is the local address and port, both hexadecimal.
        string local = $":{Port:X4} ";
        while (!(await File.ReadAllLinesAsync("/proc/net/udp")).Any(line => line.Contains(local, StringComparison.Ordinal)))
        {
            if (_process.Exited.IsCompleted || clock.Elapsed > s_startLimit)
                throw new InvalidOperationException($"kamailio (Debian package kamailio) did not start.\n{_process.Describe()}");
            await Task.Delay(50);
        }
    }
}
