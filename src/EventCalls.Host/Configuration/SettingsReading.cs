using EventCalls.Host.Bus;
using EventCalls.Routing;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Webhook;
using EventCalls.Store;
using EventCalls.Store.Recording;
using EventCalls.Store.Spooling;
using EventCalls.Telephony;

namespace EventCalls.Host.Configuration;

/// <summary>Makes the settings of the configuration's keys; each key the program knows is named here, once.</summary>
internal static class SettingsReading
{
    /// <exception cref="SettingsException">Something cannot be used; all of it is said.</exception>
    public static Settings Read(IConfigurationRoot root, string folder)
    {
        var keys = new KeyReader(root);
        var trunks = Trunks(keys);
        var endpoints = trunks.Where(t => t.To.Count > 0).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var byDefault = Default(keys, endpoints);
        int deadline = keys.Int("Routing:DeadlineMs", 2_000, 1, 600_000);
        var store = Store(keys, folder);
        var settings = new Settings
        {
            Telephony = Telephony(keys, trunks, byDefault, deadline),
            Router = Router(keys, endpoints, byDefault, deadline, folder),
            Lookups = Lookups(keys, folder),
            Bus = Bus(keys, deadline),
            Store = store,
            Spool = Spool(keys, store, folder),
            Recorder = new AppendQueueOptions { Linger = TimeSpan.FromMilliseconds(keys.Int("Recorder:LingerMs", 10, 0, 10_000)) },
            LostNodes = new LostNodeOptions { Timeout = TimeSpan.FromSeconds(keys.Int("Recorder:NodeTimeoutSeconds", 30, 2, 86_400)) },
            HttpListen = Http(keys),
            DrainSeconds = keys.Int("Calls:DrainSeconds", 10, 0, 86_400),
            LogLevel = keys.Word("Log:Level", LogLevel.Information, [.. Enum.GetValues<LogLevel>().Select(l => (l.ToString(), l))]),
            UsesSampleTrunks = keys.Names("Trunks").Count == 0,
        };
        keys.ReportUnknown();
        return keys.Errors.Count == 0 ? settings : throw new SettingsException(keys.Errors);
    }

    private static List<TrunkOptions> Trunks(KeyReader keys)
    {
        var names = keys.Names("Trunks");
        if (names.Count == 0)
        {
            // Nothing configured: calls from this machine come in, and a phone or SIPp on port 5080 can be called.
            return
            [
                new TrunkOptions { Name = "carrier", From = ["127.0.0.0/8"] },
                new TrunkOptions { Name = "pstn", To = ["sip:127.0.0.1:5080;transport=udp"] },
            ];
        }
        return
        [
            .. names.Select(name => new TrunkOptions
            {
                Name = name,
                From = keys.List($"Trunks:{name}:From"),
                To = keys.List($"Trunks:{name}:To"),
                UserName = keys.Text($"Trunks:{name}:UserName"),
                Password = keys.Text($"Trunks:{name}:Password"),
                CallerIdIn = keys.Word($"Trunks:{name}:CallerIdIn", CallerIdIn.Both, ("both", CallerIdIn.Both), ("from", CallerIdIn.From), ("p-asserted-identity", CallerIdIn.PAssertedIdentity)),
            }),
        ];
    }

    private static DefaultDecision Default(KeyReader keys, IReadOnlySet<string> endpoints)
    {
        if (keys.Json("Routing:Default") is not { } json)
            return DefaultDecision.Reject480;
        try
        {
            return DefaultDecision.Parse(json.ToJsonString(), endpoints);
        }
        catch (FormatException e)
        {
            keys.Wrong("Routing:Default", json.ToJsonString(), e.Message);
            return DefaultDecision.Reject480;
        }
    }

    private static TelephonyOptions Telephony(KeyReader keys, IReadOnlyList<TrunkOptions> trunks, DefaultDecision byDefault, int deadline)
    {
        var listen = keys.List("Sip:Listen");
        var options = new TelephonyOptions
        {
            Node = keys.Text("Node") ?? NodeName(),
            Listen = listen.Count > 0 ? listen : ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"],
            AdvertisedHost = keys.Text("Sip:AdvertisedHost"),
            Tcp = new TcpOptions
            {
                MaxConnections = keys.Int("Sip:Tcp:MaxConnections", 1_024, 1, 4_096),
                MaxConnectionsPerSource = keys.Int("Sip:Tcp:MaxConnectionsPerSource", 64, 1, 4_096),
                MaxOutbound = keys.Int("Sip:Tcp:MaxOutbound", 1_024, 1, 4_096),
                IdleSeconds = keys.Int("Sip:Tcp:IdleSeconds", 3_600, 10, 86_400),
                FirstMessageSeconds = keys.Int("Sip:Tcp:FirstMessageSeconds", 30, 1, 600),
                MessageSeconds = keys.Int("Sip:Tcp:MessageSeconds", 10, 1, 600),
            },
            AnswersStrangers = keys.Word("Sip:Strangers", true, ("refuse", true), ("ignore", false)),
            Shards = keys.Int("Sip:Shards", 1, 1, 64),
            Trunks = trunks,
            Targets = keys.List("Routing:Targets"),
            ReferTargets = keys.List("Routing:ReferTargets") is { Count: > 0 } named ? named : null,
            DeadlineMs = deadline,
            AskAgainMs = AskAgain(keys, deadline),
            DefaultSteps = byDefault.Flow is null ? byDefault.Steps : [],
            Answer = keys.Word("Calls:Answer", AnswerMode.OnHandoff, ("on-handoff", AnswerMode.OnHandoff), ("immediately", AnswerMode.Immediately)),
            PendingRing = keys.Word("Calls:PendingRing", PendingRing.None, ("none", PendingRing.None), ("ringing", PendingRing.Ringing), ("progress", PendingRing.Progress)),
            RingTimeoutSeconds = keys.Int("Calls:RingTimeoutSeconds", 60, 1, 600),
            NoResponseTimeoutMs = keys.Int("Calls:NoResponseTimeoutMs", 4_000, 100, 600_000),
            NotifyTimeoutSeconds = keys.Int("Calls:NotifyTimeoutSeconds", 60, 1, 600),
            ReferHangUpMs = keys.Int("Calls:ReferHangUpMs", 2_000, 0, 600_000),
            NotifyGraceMs = keys.Int("Calls:NotifyGraceMs", 4_000, 0, 600_000),
            ConfirmTimeoutMs = keys.Int("Calls:ConfirmTimeoutMs", 30_000, 1, 600_000),
            MaxCalls = keys.Int("Calls:Max", 50_000, 1, 10_000_000),
            MaxBacklog = keys.Int("Calls:MaxBacklog", 20_000, 1, 10_000_000),
            MaxHandoffs = keys.Int("Calls:MaxHandoffs", 10, 1, 100),
            RetryAfterSeconds = keys.Int("Calls:RetryAfterSeconds", 5, 1, 3_600),
            HeartbeatSeconds = keys.Int("Calls:HeartbeatSeconds", 5, 1, 600),
            SessionPingSeconds = keys.Int("Calls:SessionPingSeconds", 300, 0, 86_400) is > 0 and var ping ? ping : null,
        };
        keys.Errors.AddRange(TelephonyProblems.Of(options).Select(e => $"{KeyReader.Section}:{e.Message}"));
        return options;
    }

    // Inside one process a question is not lost, and a slow router would only have it twice.
    private static int? AskAgain(KeyReader keys, int deadline)
    {
        int? given = keys.OptionalInt("Routing:AskAgainMs", 0, 600_000);
        if (given >= deadline)
            keys.Wrong("Routing:AskAgainMs", $"{given}", $"expected less than Routing:DeadlineMs, {deadline}, or 0 for never");
        if (given == 0 || keys.Text("Bus:RabbitMq") is null)
            return null;
        return given ?? (deadline >= 4 ? deadline * 3 / 4 : null);
    }

    // The name must stay the same over restarts of the machine, so that a lost run is recognised.
    private static string NodeName() => new([.. Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_').Take(64)]);

    private static RouterOptions Router(KeyReader keys, IReadOnlySet<string> endpoints, DefaultDecision byDefault, int deadline, string folder)
    {
        string? logic = keys.Text("Routing:Logic");
        string? webhook = keys.Text("Routing:Webhook:Url");
        int webhookTimeout = keys.Int("Routing:Webhook:TimeoutMs", 1_000, 10, 60_000);
        string? authorization = keys.Text("Routing:Webhook:Authorization");
        Uri? url = null;
        if (webhook is not null && !Uri.TryCreate(webhook, UriKind.Absolute, out url))
            keys.Wrong("Routing:Webhook:Url", webhook, "expected an absolute http or https URL");
        if (logic is null && webhook is null)
            logic = Directory.Exists(Path.Combine(folder, "routing")) ? "routing" : Path.Combine(AppContext.BaseDirectory, "routing");
        var options = new RouterOptions
        {
            LogicPath = logic is null ? null : Path.GetFullPath(logic, folder),
            Webhook = url is null ? null : new WebhookOptions { Url = url, Timeout = TimeSpan.FromMilliseconds(webhookTimeout), Authorization = authorization },
            Default = byDefault,
            KnownEndpoints = endpoints,
            TimeLimit = TimeSpan.FromMilliseconds(keys.Int("Routing:TimeLimitMs", 250, 10, 10_000)),
            DecisionThreads = keys.Int("Routing:DecisionThreads", 0, 0, 64),
            Concurrency = keys.OptionalInt("Routing:Concurrency", 1, 1_000),
            Life = TimeSpan.FromMilliseconds(deadline),
            SharesClock = keys.Text("Bus:RabbitMq") is null,
            HotReload = keys.Bool("Routing:HotReload", true),
        };
        try
        {
            options.Check();
        }
        catch (ArgumentException e)
        {
            keys.Errors.Add($"{KeyReader.Section}:{e.Message}");
        }
        return options;
    }

    private static LookupTables Lookups(KeyReader keys, string folder)
    {
        var files = keys.Names("Routing:Lookups").ToDictionary(n => n, n => Path.GetFullPath(keys.Text($"Routing:Lookups:{n}") ?? "", folder));
        try
        {
            return LookupFiles.Load(files);
        }
        catch (FormatException e)
        {
            keys.Errors.Add($"{KeyReader.Section}:{e.Message}");
            return LookupTables.None;
        }
    }

    private static BusOptions Bus(KeyReader keys, int deadline)
    {
        Uri? address = null;
        if (keys.Text("Bus:RabbitMq") is { } text
            && (!Uri.TryCreate(text, UriKind.Absolute, out address) || address.Scheme is not ("amqp" or "amqps") || address.Host.Length == 0))
        {
            keys.Wrong("Bus:RabbitMq", WithoutPassword(text), "expected an address such as amqp://user:password@host:5672");
            address = null;
        }
        string? handoffKey = Secret(keys, "Bus:HandoffKey");
        string? handoffKeyAccepted = Secret(keys, "Bus:HandoffKeyAccepted");
        if (handoffKeyAccepted is not null && handoffKey is null)
            keys.Wrong("Bus:HandoffKey", "", "expected a key, as Bus:HandoffKeyAccepted is given");
        return new BusOptions
        {
            RabbitMq = address,
            HandoffKey = handoffKey,
            HandoffKeyAccepted = handoffKeyAccepted,
            Prefetch = keys.Int("Bus:Prefetch", 64, 1, 1_000),
            RedeliverySeconds = keys.Int("Bus:RedeliverySeconds", 30, 1, 3_600),
            Redeliveries = keys.Int("Bus:Redeliveries", 10, 0, 1_000),
            GatherMs = keys.Int("Bus:GatherMs", address is null ? 2 : 10, 0, 1_000),
            // A decision that comes after the deadline is of no use.
            DecisionLifeMs = deadline,
        };
    }

    private static string? Secret(KeyReader keys, string key)
    {
        string? value = keys.Text(key);
        if (value?.Length < HandoffCheck.LeastKeyLength)
            keys.Wrong(key, "…", $"expected at least {HandoffCheck.LeastKeyLength} characters, such as openssl rand -base64 32 makes");
        return value;
    }

    private static StoreOptions Store(KeyReader keys, string folder)
    {
        string? postgres = keys.Text("Store:Postgres");
        string? sqlite = keys.Text("Store:Sqlite");
        if (postgres is not null && sqlite is not null)
            keys.Wrong("Store:Sqlite", sqlite, "Store:Postgres is given too; keep one of them");
        if (postgres is not null)
        {
            try
            {
                _ = new Npgsql.NpgsqlConnectionStringBuilder(postgres);
            }
            catch (ArgumentException e)
            {
                keys.Wrong("Store:Postgres", "…", $"expected a connection string such as Host=127.0.0.1;Database=calls;Username=calls: {e.Message}");
            }
        }
        return new StoreOptions
        {
            Postgres = postgres,
            Sqlite = Path.GetFullPath(sqlite ?? "calls.db", folder),
            SqliteDurability = keys.Word("Store:SqliteDurability", SqliteDurability.Normal, ("normal", SqliteDurability.Normal), ("full", SqliteDurability.Full)),
        };
    }

    private static SpoolOptions Spool(KeyReader keys, StoreOptions store, string folder) => new()
    {
        // Beside the file it belongs to; a database elsewhere has none.
        Folder = keys.Text("Store:Spool") is { } named ? Path.GetFullPath(named, folder)
            : store.Postgres is null ? $"{store.Sqlite}.spool"
            : Path.GetFullPath("eventcalls.spool", folder),
        MaxBytes = keys.Int("Store:SpoolMaxMb", 1024, 1, 1_000_000) * 1024L * 1024,
        FlushToDisk = store.Postgres is not null || store.SqliteDurability == SqliteDurability.Full,
    };

    private static Uri? Http(KeyReader keys)
    {
        if (keys.Text("Http:Listen") is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        keys.Wrong("Http:Listen", text, "expected an address such as http://127.0.0.1:8080");
        return null;
    }

    private static string WithoutPassword(string address)
    {
        int at = address.LastIndexOf('@');
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        return at > 0 && scheme > 0 && scheme + 3 < at ? $"{address[..(scheme + 3)]}…{address[at..]}" : address;
    }
}
