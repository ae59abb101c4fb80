namespace EventCalls.Benchmarks.Outages;

/// <summary>The faults of the matrix.</summary>
internal static class OutageCases
{
    // The exit code of a stop that leaves events on disk for the next start.
    private const int OwesEvents = 3;

    private const string Unconfirmed = "The bus does not confirm";

    public static IReadOnlyList<OutageCase> All { get; } =
    [
        new("broker", "killed, started again after {0} s", 5, RestartBrokerAsync) { Site = SiteKind.Split, Sign = Unconfirmed },
        new("broker", "killed, started again after {0} s; the ingress is a router too", 5, RestartBrokerAsync) { Site = SiteKind.SplitAlone },
        new("broker", "frozen for {0} s", 20, (site, time) => site.FreezeBrokerAsync(time)) { Site = SiteKind.Split, Sign = Unconfirmed },
        new("broker", "frozen for {0} s; the ingress is a router too", 20, (site, time) => site.FreezeBrokerAsync(time)) { Site = SiteKind.SplitAlone },
        new("broker", "killed, started again with an empty data folder after {0} s", 5, async (site, time) =>
        {
            await site.Broker.KillAsync();
            await Task.Delay(time);
            await site.Broker.RestartEmptyAsync();
        })
        { Site = SiteKind.Split, Sign = Unconfirmed },
        new("broker", "takes nothing for {0} s (memory alarm)", 20, BlockBrokerAsync) { Site = SiteKind.Split, Sign = Unconfirmed },
        new("broker", "takes nothing for {0} s (memory alarm); the ingress is a router too", 20, BlockBrokerAsync) { Site = SiteKind.SplitAlone },
        new("broker and recorder", "recorder stopped, its queue deleted, started again after {0} s", 15, async (site, time) =>
        {
            await Task.Delay(time);
            await site.StartServiceAsync(site.Recorder);
        })
        {
            Site = SiteKind.Split,
            // A queue that is deleted takes what it holds along: nothing may be in it.
            Before = async site =>
            {
                await site.LeftOnBrokerAsync();
                await site.TerminateAsync(site.Recorder, 0);
                await site.Broker.ControlAsync("delete_queue", "eventcalls-recorder");
            },
            Sign = "has no queue for what we send",
        },
        new("PostgreSQL", "ended at once as in a crash, started again after {0} s", 10, async (site, time) =>
        {
            await site.Database.KillAsync();
            await Task.Delay(time);
            await site.Database.StartAgainAsync();
        })
        { Site = SiteKind.Split, Sign = "The recorder waits" },
        new("PostgreSQL", "the table of events locked for {0} s", 45, (site, time) => site.LockEventsAsync(time)) { Site = SiteKind.Split, Sign = "waits for a lock" },
        new("PostgreSQL", "connections stall for {0} s, and the old ones for ever (proxy)", 40, async (site, time) =>
        {
            site.Proxy.Stall();
            await Task.Delay(time);
            site.Proxy.Resume();
        })
        { Site = SiteKind.SplitProxy, Sign = "The recorder waits" },
        new("PostgreSQL", "its disk full for {0} s", 20, async (site, time) =>
        {
            site.Disk.Fill();
            await Task.Delay(time);
            site.Disk.Free();
            // A server that could not write its log has ended; somebody starts it again.
            if (site.Database.HasEnded)
                await site.Database.StartAgainAsync();
        })
        { Site = SiteKind.SplitSmallDisk, Sign = "No space left on device" },
        new("SQLite", "locked by another program for {0} s", 45, (site, time) => site.LockFileAsync(time)) { Site = SiteKind.Embedded, Sign = "another process holds the file" },
        new("SQLite", "its disk full for {0} s", 20, async (site, time) =>
        {
            site.Disk.Fill();
            await Task.Delay(time);
            site.Disk.Free();
        })
        { Site = SiteKind.EmbeddedSmallDisk, Sign = "the disk is full" },
        new("SQLite", "its disk full, SIGTERM after {0} s, started again with room", 10, async (site, time) =>
        {
            site.Disk.Fill();
            await Task.Delay(time);
            await site.TerminateAsync(site.Ingress, 0, OwesEvents);
            site.Disk.Free();
            await site.StartServiceAsync(site.Ingress);
        })
        { Site = SiteKind.EmbeddedSmallDisk, OpenCalls = OpenCalls.AreEnded, Sign = "the disk is full" },
        new("router", "one of two killed", 0, (site, _) => site.KillAsync("router-1")) { Site = SiteKind.Split },
        new("router", "one of two frozen for {0} s", 20, (site, time) => site.FreezeAsync("router-1", time)) { Site = SiteKind.Split },
        new("router", "one of two stopped in order (SIGTERM)", 0, (site, _) => site.TerminateAsync("router-1", 0)) { Site = SiteKind.Split },
        new("router", "both killed, started again after {0} s", 10, async (site, time) =>
        {
            await site.KillAsync("router-1");
            await site.KillAsync("router-2");
            await Task.Delay(time);
            await site.StartServiceAsync("router-1");
        })
        { Site = SiteKind.Split },
        new("recorder", "killed, started again after {0} s", 10, async (site, time) =>
        {
            await site.KillAsync(site.Recorder);
            await Task.Delay(time);
            await site.StartServiceAsync(site.Recorder);
        })
        { Site = SiteKind.Split },
        new("ingress", "killed, started again (roles split)", 0, RestartIngressAsync) { Site = SiteKind.Split, OpenCalls = OpenCalls.AreCutOff },
        new("ingress", "killed, started again (embedded)", 0, RestartIngressAsync) { Site = SiteKind.Embedded, OpenCalls = OpenCalls.AreCutOff, Times = 3 },
        new("ingress", "stopped in order (SIGTERM), started again (embedded)", 0, async (site, _) =>
        {
            await site.TerminateAsync(site.Ingress, 0);
            await site.StartServiceAsync(site.Ingress);
        })
        { Site = SiteKind.Embedded, OpenCalls = OpenCalls.AreEnded },
        new("name service", "silent for {0} s; half of the calls go to a host name", 30, (site, time) => site.Names.BeSilentAsync(time)) { Site = SiteKind.EmbeddedNames, Sign = "could not be resolved" },
    ];

    private static async Task RestartBrokerAsync(OutageSite site, TimeSpan time)
    {
        await site.Broker.KillAsync();
        await Task.Delay(time);
        await site.Broker.RestartAsync();
    }

    private static async Task BlockBrokerAsync(OutageSite site, TimeSpan time)
    {
        await site.Broker.ControlAsync("set_vm_memory_high_watermark", "absolute", "1MB");
        if (!(await site.Broker.ControlAsync("eval", "rabbit_alarm:get_alarms().")).Contains("memory", StringComparison.Ordinal))
            throw new InvalidOperationException("The broker has no memory alarm.");
        await Task.Delay(time);
        await site.Broker.ControlAsync("set_vm_memory_high_watermark", "absolute", "1GB");
    }

    private static async Task RestartIngressAsync(OutageSite site, TimeSpan time)
    {
        await site.KillAsync(site.Ingress);
        await site.StartServiceAsync(site.Ingress);
    }
}
