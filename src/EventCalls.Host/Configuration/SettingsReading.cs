using EventCalls.Bus;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Webhook;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Recording;
using EventCalls.Store.Spooling;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;

namespace EventCalls.Host.Configuration;

/// <summary>Makes the settings of the configuration's keys; each key the program knows is named here, once.</summary>
internal static partial class SettingsReading
{
    private const string SqliteName = "calls.db";

    private static readonly Settings s_defaults = new()
    {
        Telephony = new TelephonyOptions { Node = NodeName(), Listen = ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"], Trunks = [] },
        Router = new RouterOptions { Isolation = LogicIsolation.Process },
        Lookups = LookupTables.None,
        Bus = new BusOptions(),
        Store = new StoreOptions(),
        Spool = new SpoolOptions { Folder = "" },
        Recorder = new AppendQueueOptions(),
        LostNodes = new LostNodeOptions(),
    };

    /// <summary>Reads and checks everything.</summary>
    /// <param name="root">All sources, the later ones winning.</param>
    /// <param name="folder">Where relative paths are meant from.</param>
    /// <param name="outside">What the sources hold beside the section; null when that is not looked at.</param>
    /// <exception cref="SettingsException">Something cannot be used; all of it is said.</exception>
    public static Settings Read(IConfigurationRoot root, string folder, OutsideKeys? outside = null)
    {
        var keys = new KeyReader(root);
        var settings = Read(keys, folder);
        keys.ReportUnknown();
        outside?.Report(keys.Errors);
        return keys.Errors.Count == 0 ? settings : throw new SettingsException(keys.Errors);
    }

    /// <summary>All keys, in the order they are read; <c>NAME</c> stands for a name of the user's own.</summary>
    public static IReadOnlyList<SettingKey> Keys()
    {
        var keys = new KeyReader(Root(["Trunks:NAME:To", "Trunks:NAME:Digest:Users:USER", "Routing:Lookups:NAME", "Handoffs:NAME:Description", "Webhooks:NAME:Url", "Routing:Sources:NAME:Headers:HEADER"])) { Describes = true };
        Read(keys, "/");
        return keys.Described;
    }

    /// <summary>Those of the paths that are keys of the section.</summary>
    public static HashSet<string> Known(IReadOnlyCollection<string> paths)
    {
        var keys = new KeyReader(Root(paths));
        Read(keys, "/");
        return paths.Where(keys.IsKnown).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static IConfigurationRoot Root(IEnumerable<string> paths) => new ConfigurationBuilder()
        .AddInMemoryCollection(paths.Distinct(StringComparer.OrdinalIgnoreCase).Select(p => KeyValuePair.Create($"{KeyReader.Section}:{p}", (string?)"0")))
        .Build();

    private static Settings Read(KeyReader keys, string folder)
    {
        var all = keys.For(s_defaults);
        string node = all.Text("Node", s => s.Telephony.Node, "letters, digits, `-`, `.` and `_`", "the machine's name")!;
        var trunks = Trunks(keys);
        var endpoints = trunks.Where(t => t.To.Count > 0).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var telephony = Telephony(keys, node, trunks, folder);
        var router = Router(keys, endpoints, folder, out int deadline);
        var store = Store(keys, folder);
        telephony = telephony with
        {
            DeadlineMs = deadline,
            AskAgainMs = AskAgain(keys, deadline),
            DefaultSteps = router.Default.Flow is null ? router.Default.Steps : [],
        };
        keys.Errors.AddRange(TelephonyProblems.Of(telephony).Select(e => $"{KeyReader.Section}:{e.Message}"));
        var recorder = keys.For(new AppendQueueOptions());
        var lost = keys.For(new LostNodeOptions());
        return new Settings
        {
            Telephony = telephony,
            Router = router,
            Lookups = router.Handoffs.AddTo(Lookups(keys, folder)).WithSources([.. router.Sources.Select(s => s.Name)]),
            Bus = Bus(keys, deadline),
            Store = store,
            Spool = Spool(keys, store, node, folder),
            Recorder = new AppendQueueOptions { Linger = recorder.Milliseconds("Recorder:LingerMs", o => o.Linger, 0, 10_000) },
            LostNodes = new LostNodeOptions { Timeout = lost.Seconds("Recorder:NodeTimeoutSeconds", o => o.Timeout, 2, 86_400) },
            HealthSocket = all.Text("Health:Socket", s => s.HealthSocket, "the path of a socket, such as `/run/eventcalls/health.sock`") is { } socket ? Path.GetFullPath(socket, folder) : null,
            Http = Http(keys, folder),
            Webhooks = Webhooks(keys),
            Nightly = Nightly(keys),
            Telemetry = Telemetry(keys),
            DrainSeconds = all.Int("Calls:DrainSeconds", s => s.DrainSeconds, 0, 86_400),
            LogLevel = all.Word("Log:Level", s => s.LogLevel, [.. Enum.GetValues<LogLevel>().Select(l => (l.ToString(), l))]),
            UsesSampleTrunks = keys.Names("Trunks").Count == 0,
        };
    }

    private static DefaultDecision Default(KeyReader keys, KeysOf<RouterOptions> router, IReadOnlySet<string> endpoints)
    {
        if (router.Json("Routing:Default", o => o.Default, "a handoff with its parameters, `{ \"flow\": NAME }`, or a whole decision", "reject 480") is not { } json)
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

    // Inside one process a question is not lost, and a slow router would only have it twice.
    private static int? AskAgain(KeyReader keys, int deadline)
    {
        int? given = keys.For(s_defaults.Telephony).OptionalInt("Routing:AskAgainMs", o => o.AskAgainMs, 0, 600_000, "¾ of the deadline; never without RabbitMQ");
        if (given >= deadline)
            keys.Wrong("Routing:AskAgainMs", $"{given}", $"expected less than Routing:DeadlineMs, {deadline}, or 0 for never");
        if (given == 0 || keys.Text("Bus:RabbitMq") is null)
            return null;
        return given ?? (deadline >= 4 ? deadline * 3 / 4 : null);
    }

    // The name must stay the same over restarts of the machine, so that a lost run is recognised.
    private static string NodeName() => new([.. Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_').Take(64)]);

    private static RouterOptions Router(KeyReader keys, IReadOnlySet<string> endpoints, string folder, out int deadline)
    {
        var router = keys.For(s_defaults.Router);
        deadline = keys.For(s_defaults.Telephony).Int("Routing:DeadlineMs", o => o.DeadlineMs, 1, 600_000);
        string? logic = router.Text("Routing:Logic", o => o.LogicPath, "a folder", "none: a router does not start without it or a webhook");
        var options = new RouterOptions
        {
            LogicPath = logic is null ? null : Path.GetFullPath(logic, folder),
            LogicFrom = router.Word("Routing:LogicFrom", o => o.LogicFrom, ("folder", LogicFrom.Folder), ("store", LogicFrom.Store)),
            Webhook = Webhook(keys),
            Sources = Sources(keys),
            Default = Default(keys, router, endpoints),
            KnownEndpoints = endpoints,
            Handoffs = Handoffs(keys, endpoints),
            Speech = router.Word("Routing:Speech", o => o.Speech, ("refuse", SpeechUse.Refuse), ("ignore", SpeechUse.Ignore)),
            TimeLimit = router.Milliseconds("Routing:TimeLimitMs", o => o.TimeLimit, 10, 10_000),
            Isolation = router.Word("Routing:Isolation", o => o.Isolation, ("process", LogicIsolation.Process), ("in-process", LogicIsolation.InProcess)),
            Deciders = router.Int("Routing:Deciders", o => o.Deciders, 1, 64),
            DeciderMemoryMb = router.Int("Routing:DeciderMemoryMb", o => o.DeciderMemoryMb, 32, 65_536),
            VerifyPercent = router.Int("Routing:VerifyPercent", o => o.VerifyPercent, 0, 100),
            DecisionThreads = router.Int("Routing:DecisionThreads", o => o.DecisionThreads, 0, 64),
            Concurrency = router.OptionalInt("Routing:Concurrency", o => o.Concurrency, 1, 1_000, "16; 128 with a webhook, 512 with sources to fetch from"),
            Life = TimeSpan.FromMilliseconds(deadline),
            SharesClock = keys.Text("Bus:RabbitMq") is null,
            HotReload = router.Bool("Routing:HotReload", o => o.HotReload),
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

    private static WebhookOptions? Webhook(KeyReader keys)
    {
        var webhook = keys.For(new WebhookOptions { Url = new Uri("http://127.0.0.1") });
        string? address = webhook.TextFor("Routing:Webhook:Url", o => o.Url, "an http or https URL");
        var timeout = webhook.Milliseconds("Routing:Webhook:TimeoutMs", o => o.Timeout, 10, 60_000);
        string? authorization = webhook.Secret("Routing:Webhook:Authorization", o => o.Authorization);
        if (address is null)
            return null;
        if (AddressCheck.Problem(address, out var url, "http", "https") is not { } problem)
            return new WebhookOptions { Url = url!, Timeout = timeout, Authorization = authorization };
        keys.Wrong("Routing:Webhook:Url", AddressCheck.WithoutPassword(address), problem + "expected an absolute http or https URL");
        return null;
    }

    private static LookupTables Lookups(KeyReader keys, string folder)
    {
        var tables = keys.For(s_defaults);
        var files = keys.Names("Routing:Lookups").ToDictionary(n => n, n => Path.GetFullPath(tables.TextFor($"Routing:Lookups:{n}", s => s.Lookups, "a CSV file") ?? "", folder));
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
        var bus = keys.For(s_defaults.Bus);
        Uri? address = null;
        if (bus.TextFor("Bus:RabbitMq", o => o.RabbitMq, "an address such as `amqp://user:password@host:5672/vhost`", "none: the bus is inside the process") is { } text
            && AddressCheck.Problem(text, out address, "amqp", "amqps") is { } problem)
        {
            keys.Wrong("Bus:RabbitMq", AddressCheck.WithoutPassword(text), problem + "expected an address such as amqp://user:password@host:5672");
            address = null;
        }
        string? handoffKey = bus.Secret("Bus:HandoffKey", o => o.HandoffKey);
        string? handoffKeyAccepted = bus.Secret("Bus:HandoffKeyAccepted", o => o.HandoffKeyAccepted);
        CheckKey(keys, "Bus:HandoffKey", handoffKey);
        CheckKey(keys, "Bus:HandoffKeyAccepted", handoffKeyAccepted);
        if (handoffKeyAccepted is not null && handoffKey is null)
            keys.Wrong("Bus:HandoffKeyAccepted", "…", "Bus:HandoffKey is missing; give it too, or leave this one out");
        return new BusOptions
        {
            RabbitMq = address,
            WhenAway = bus.Word("Routing:WhenBusIsAway", o => o.WhenAway, ("decide", BusAwayMode.Decide), ("default", BusAwayMode.Default)),
            AwayAfterMs = AwayAfter(keys, deadline),
            HandoffKey = handoffKey,
            HandoffKeyAccepted = handoffKeyAccepted,
            Prefetch = bus.Int("Bus:Prefetch", o => o.Prefetch, 1, 1_000),
            RedeliverySeconds = bus.Int("Bus:RedeliverySeconds", o => o.RedeliverySeconds, 1, 3_600),
            Redeliveries = bus.Int("Bus:Redeliveries", o => o.Redeliveries, 0, 1_000),
            GatherMs = bus.Int("Bus:GatherMs", o => o.GatherMs, 0, 1_000, address is null ? null : 5, "5; 0 without RabbitMQ"),
            // A decision that comes after the deadline is of no use.
            DecisionLifeMs = deadline,
        };
    }

    // Half of the deadline is left to decide in.
    private static int AwayAfter(KeyReader keys, int deadline)
    {
        int byDefault = Math.Clamp(deadline / 2, 1, s_defaults.Bus.AwayAfterMs);
        int given = keys.For(s_defaults.Bus).Int("Routing:BusAwayAfterMs", o => o.AwayAfterMs, 1, 600_000, byDefault, "half of the deadline, at most 1000");
        if (given > byDefault && given >= deadline)
            keys.Wrong("Routing:BusAwayAfterMs", $"{given}", $"expected less than Routing:DeadlineMs, {deadline}, so that time is left to decide in");
        return given;
    }

    private static void CheckKey(KeyReader keys, string key, string? value)
    {
        if (value?.Length < BusOptions.LeastHandoffKeyLength)
            keys.Wrong(key, "…", $"expected at least {BusOptions.LeastHandoffKeyLength} characters, such as openssl rand -base64 32 makes");
    }

    private static StoreOptions Store(KeyReader keys, string folder)
    {
        var store = keys.For(s_defaults.Store);
        string? postgres = store.Secret("Store:Postgres", o => o.Postgres, "a connection string such as `Host=127.0.0.1;Database=calls;Username=calls;Password=…`");
        string? sqlite = store.Text("Store:Sqlite", o => o.Sqlite, "a file", SqliteName);
        if (postgres is not null && sqlite is not null)
            keys.Wrong("Store:Sqlite", sqlite, "Store:Postgres is given too; keep one of them");
        if (postgres is not null && ConnectionStringCheck.Problem(postgres) is { } problem)
            keys.Wrong("Store:Postgres", "…", problem);
        bool headerIndex = store.Bool("Store:HeaderIndex", o => o.HeaderIndex);
        if (headerIndex && postgres is null)
            keys.Wrong("Store:HeaderIndex", "true", "SQLite has no index of headers; set Store:Postgres, or leave it out");
        store.TextFor("Store:Retention", o => o.Retention, "a list of rules: `archive`, `mask` or `erase`, an age such as `90d` or `12h`, and where it is not for all `trunk=NAME` and `outcome=WORD`");
        var retention = keys.List("Store:Retention");
        foreach (string wrong in retention.Where(text => RetentionRule.Parse(text) is null))
            keys.Wrong("Store:Retention", wrong, "expected archive, mask or erase and an age, such as 'erase 90d' or 'mask 30d trunk=carrier outcome=busy'");
        return new StoreOptions
        {
            Retention = [.. retention.Select(RetentionRule.Parse).OfType<RetentionRule>()],
            Postgres = postgres,
            Sqlite = Path.GetFullPath(sqlite ?? SqliteName, folder),
            SqliteDurability = store.Word("Store:SqliteDurability", o => o.SqliteDurability, ("normal", SqliteDurability.Normal), ("full", SqliteDurability.Full)),
            HeaderIndex = headerIndex,
            SchemaChanges = store.Word("Store:SchemaChanges", o => o.SchemaChanges, ("create", SchemaChanges.Create), ("none", SchemaChanges.None)),
        };
    }

    private static SpoolOptions Spool(KeyReader keys, StoreOptions store, string node, string folder)
    {
        var spool = keys.For(s_defaults.Spool);
        string? named = spool.TextFor("Store:Spool", o => o.Folder, "a folder, best on another disk than the store's", "`….spool` beside the SQLite file; `eventcalls.spool` with PostgreSQL; `eventcalls-NODE.spool` with RabbitMQ");
        bool hasBroker = keys.Text("Bus:RabbitMq") is not null;
        return new SpoolOptions
        {
            // Beside the file it belongs to; a database elsewhere has none.
            Folder = named is not null ? Path.GetFullPath(named, folder)
                // Several nodes may run in one folder, and each needs its own.
                : hasBroker ? Path.GetFullPath($"eventcalls-{node}.spool", folder)
                : store.Postgres is null ? $"{store.Sqlite}.spool"
                : Path.GetFullPath("eventcalls.spool", folder),
            MaxMb = spool.Int("Store:SpoolMaxMb", o => o.MaxMb, 1, 1_000_000),
            FlushToDisk = hasBroker || store.Postgres is not null || store.SqliteDurability == SqliteDurability.Full,
        };
    }

    private static HttpSettings Http(KeyReader keys, string folder)
    {
        var http = keys.For(new HttpSettings());
        Uri? listen = null;
        if (http.TextFor("Http:Listen", s => s.Listen, "an address such as `http://127.0.0.1:8080`", "none: nothing is served") is { } text
            && !(Uri.TryCreate(text, UriKind.Absolute, out listen) && listen.Scheme == "http"))
        {
            keys.Wrong("Http:Listen", text, "expected an address such as http://127.0.0.1:8080; TLS belongs to the reverse proxy in front");
            listen = null;
        }
        string? file = http.Text("Http:Keys", s => s.Keys, "a file, such as `/etc/eventcalls/keys.json`");
        var openId = http.Json("Http:OpenId", s => s.OpenId, "a section: `Authority`, `ClientId`, `ClientSecret`, `Url`, `Scopes`, `NameClaim`, `RoleClaim`, `Read`, `Operate`, `Administer`, `Listen`, `Monitor`, `Sessions`", null);
        return new HttpSettings { Listen = listen, Keys = file is null ? null : Path.GetFullPath(file, folder), OpenId = openId, Origins = http.List("Http:Origins", s => s.Origins, "a list of origins, such as `https://board.example.com`") };
    }
}
