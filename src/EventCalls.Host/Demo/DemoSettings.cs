using System.Net;
using EventCalls.Bus;
using EventCalls.Host.Configuration;
using EventCalls.Routing;
using EventCalls.Routing.Lookups;
using EventCalls.Store;
using EventCalls.Store.Recording;
using EventCalls.Store.Spooling;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Host.Demo;

/// <summary>The configuration of the demo's node: all roles, embedded bus and store, the sample logic, free ports.</summary>
internal static class DemoSettings
{
    /// <summary>The sample logic, beside the program.</summary>
    public static string LogicFolder => Path.Combine(AppContext.BaseDirectory, "routing");

    /// <summary>Makes it.</summary>
    /// <param name="store">The SQLite file.</param>
    /// <param name="target">Where the outbound endpoint <c>pstn</c> is.</param>
    /// <param name="serves">Whether HTTP is served, on a free port of the loopback interface.</param>
    public static Settings Make(string store, IPEndPoint target, bool serves) => new()
    {
        Http = serves ? new HttpSettings { Listen = new Uri("http://127.0.0.1:0") } : new HttpSettings(),
        Telephony = new TelephonyOptions
        {
            Node = "demo",
            Listen = ["udp:127.0.0.1:0"],
            Trunks =
            [
                new TrunkOptions { Name = "carrier", From = ["127.0.0.1"] },
                new TrunkOptions { Name = "pstn", To = [$"sip:{target}"] },
            ],
            // A demo is to show what is decided, also on a machine that is busy with something else.
            DeadlineMs = 10_000,
            NotifyGraceMs = 1_000,
        },
        Router = new RouterOptions
        {
            LogicPath = LogicFolder,
            KnownEndpoints = new HashSet<string> { "pstn" },
            TimeLimit = TimeSpan.FromSeconds(5),
            HotReload = false,
        },
        Lookups = LookupTables.None,
        Bus = new BusOptions(),
        Store = new StoreOptions { Sqlite = store },
        Spool = new SpoolOptions { Folder = store + ".spool" },
        Recorder = new AppendQueueOptions(),
        LostNodes = new LostNodeOptions(),
        DrainSeconds = 0,
        LogLevel = LogLevel.Warning,
    };
}
