using CallAnalytics;
using EventCalls.Marten;
using JasperFx;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Npgsql;

// CallAnalytics --connection "Host=…;Database=eventcalls;…" [--urls http://127.0.0.1:5070]
//
// Answer rates by target and hour, failed transfers, and reviews of calls, beside the recorder on its database. Several may run at once: one of them works, another takes over when it is gone.
var builder = WebApplication.CreateBuilder(args);
if ((builder.Configuration["connection"] ?? builder.Configuration.GetConnectionString("EventCalls")) is not { Length: > 0 } connection)
{
    Console.Error.WriteLine("""usage: CallAnalytics --connection "Host=127.0.0.1;Username=…;Password=…;Database=eventcalls" (or ConnectionStrings:EventCalls) [--urls http://127.0.0.1:5070]""");
    return 2;
}
if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
    builder.WebHost.UseUrls("http://127.0.0.1:5070");
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

try
{
    builder.Services.AddEventCallsMarten(connection, options =>
    {
        options.DatabaseSchemaName = "call_analytics";
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.Events.AddEventType<CallReviewed>();
        options.Projections.Add<AnswerRates>(ProjectionLifecycle.Async);
        options.Projections.Add<HandoffTable>(ProjectionLifecycle.Async);
        options.Projections.Subscribe(new FailedTransfers());
        options.Schema.For<FailedTransfer>().Index(failed => failed.Position);
    })
    .ApplyAllDatabaseChangesOnStartup()
    .AddAsyncDaemon(DaemonMode.HotCold);

    await using var app = builder.Build();
    app.MapAnalytics();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is ArgumentException or NpgsqlException or IOException)
{
    // An IOException is an address that is taken: --urls names another.
    Console.Error.WriteLine(e.Message);
    return e is NpgsqlException ? 3 : 2;
}
